import SurveyData

extension ScoreWording {
  static let chinese = ScoreWording(
    language: .chinese, title: "评分表", summary: "一、各盟市得分", matrixRegular: "二、平时得分（行 × 盟市）",
    matrixYearEnd: "三、年终得分（行 × 盟市）", details: "四、各盟市逐行得分", assumptions: "五、假设",
    inputs: "六、输入文件摘要", software: "七、软件", league: "盟市", row: "行", criterion: "考核内容",
    block: "板块", maximum: "满分", measured: "数据来源", estimate: "估计值", interval: "置信区间", regular: "平时",
    yearEnd: "年终", total: "合计", range: "范围", available: "可计满分", exact: "确切满分", estimated: "估计满分",
    missing: "缺数据满分", notApplicable: "不适用满分", grade: "等次", remark: "说明",
    rangeNote: "范围：各项估计值在各自置信区间内变动时得分的上下界，假定各项同时取到最低（最高），因此宽于合计得分的置信区间。",
    missingNote: "缺数据的行不按 0 分计，也不计入可计满分；合计只含有得分的行。",
    partNote: "确切：行政数据；估计：来自抽样调查，带抽样误差。", assumption: "假设", softwareVersion: "软件版本",
    noAssumptions: "没有标为假设的选项。", scores: "得分与范围", notScored: "本行没有得分记录", missingShort: "缺",
    notApplicableShort: "不适用")
}
