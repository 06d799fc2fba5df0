/** 交接、复核、紧急访问、程序、等保的中文。 */
export const guardZhCN = {
  handovers: {
    sub: '这些客户的负责人已经不再照看他们。请尽早换人，别让客户没人管。',
    reasons: { left: '已离职', leaving: '即将离职', suspended: '已停用', elsewhere: '已调店' },
    customers_other: '{{count, number}} 位客户',
    appointments_other: '{{count, number}} 个已排的预约',
    open: '全部选中去移交',
    none: { title: '没有要交接的客户', advice: '有人离职、停用或调店后，名下的客户会列在这里。' },
  },
}
