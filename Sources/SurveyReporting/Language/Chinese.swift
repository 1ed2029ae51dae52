import SurveyData

extension Wording {
  static let chinese = Wording(
    language: .chinese,
    headings: Headings(
      indicator: "指标", domain: "域", estimate: "估计值", standardError: "标准误", lower: "置信下限",
      upper: "置信上限", method: "方法", level: "层级", oneSidedLower: "单侧下限", oneSidedUpper: "单侧上限",
      count: "未加权样本量", weightedCount: "加权样本量", events: "事件数", designEffect: "设计效应",
      designEffectRoot: "设计效应平方根", relativeError: "相对误差", lowerTwo: "R−2SE", upperTwo: "R+2SE",
      degreesOfFreedom: "自由度", comparisonLower: "对照下限", comparisonUpper: "对照上限", limit: "限值",
      verdict: "判定", reason: "说明", withinUnit: "单位内估计", key: "指标代码"),
    annex: Annex(
      title: "抽样误差附录", chapterDesign: "一、抽样设计与抽取记录", chapterResponse: "二、回答情况与权数",
      chapterErrors: "三、抽样误差", chapterPlots: "四、估计值与限值", chapterIntervals: "五、区间的算法",
      chapterAssumptions: "六、假设", chapterInputs: "七、输入文件摘要", chapterSoftware: "八、软件",
      stages: "各阶段抽样设计", stage: "阶段", unit: "抽样单位", strata: "分层", selection: "抽取方法",
      population: "总体数 N", sample: "样本数 n", reserves: "备选数", noStrata: "不分层", notRecorded: "未记录",
      edition: "抽样框版本", date: "日期", protocolVersion: "抽取协议", group: "抽取批次", commitment: "种子承诺",
      seed: "种子", seedOpen: "已公开", seedSealed: "尚未公开", receiptDigest: "抽取凭证摘要（SHA-256）",
      frames: "抽样框摘要", file: "文件", digest: "SHA-256 摘要", rows: "行数",
      noDraw: "没有抽取记录：设计取自调查文件所列各列。", response: "回答情况", selected: "抽中",
      respondents: "完成", replaced: "替换", rateUnweighted: "回答率（未加权）", rateWeighted: "回答率（加权）",
      noResponse: "没有回答记录：以文件中的各行为准。", total: "合计",
      responseNote: "替换户按无回答调整处理，替换率在表中列出。", weights: "权数分布", weightScope: "范围",
      minimum: "最小", maximum: "最大", mean: "平均", variation: "变异系数 CV", kish: "1＋CV²",
      weightNote: "1＋CV²（Kish）是权数不等使方差增大的倍数。",
      errorsLead: "R 为估计值，SE 为标准误。各列含义同人口与健康调查（DHS）附录 B，另加适用于小比率的置信区间、单侧界和事件数。",
      twoErrorsNote: "R−2SE、R+2SE 按 DHS 惯例照算：比率接近 0 或 1 时可能低于 0 或高于 1，标准误为 0 时没有宽度；请以置信下限、置信上限为准。",
      suppressedNote: "样本过少的格不公布，以防识别个人；相邻合计仍可能推出，对外发布前请再核对。",
      withinNote: "恰为一个被抽中单位的域（如县），在该单位内估计：以其下一阶段为第一阶段。",
      missingNote: "没有数字的格写明原因，不以 0 代替。", plotCaption: "估计值与限值",
      plotScaleRoot: "横轴为平方根刻度", plotScaleLinear: "横轴为等距刻度", plotLegendBelow: "可认定低于限值",
      plotLegendAbove: "可认定高于限值", plotLegendUnknown: "不能判定", plotEstimate: "估计值 [区间]",
      plotEvents: "事件/样本", limitLine: "限值", varianceMethod: "方差估计", lonelyUnits: "单一单位层",
      design: "自由度", methodsUsed: "本附录所用的区间", correlations: "群内相关系数", pooled: "合并估计 ρ̂",
      planned: "事先声明 ρ₀", unitsUsed: "单位数", eventsUsed: "事件数",
      correlationNote: "ρ̂ 由本轮各县（单位）合并估计；ρ₀ 在入户前声明，是设计效应下限的依据。两者相差大时，请复核 ρ₀。",
      assumption: "假设", noAssumptions: "没有标为假设的选项。", software: "软件版本", generatedBy: "本附录由明察生成。",
      noInputs: "没有记录输入文件。", noEstimates: "没有估计结果。", inputs: "输入文件", confidence: "置信水平",
      allIndicators: "全部指标",
      plotsLead: "横线为双侧置信区间，圆点为估计值；是否可认定，以单侧界为准，所以区间略跨过限值时也可能可以认定。"),
    list: List(title: "走访名单", selected: "抽中", reserve: "备选", about: "说明"),
    methods: [
      "pooled": Method(
        mark: "P",
        explanation: "在有效样本量上取 Jeffreys 界；群内相关系数由本轮全部县对同一指标合并估计。"
          + "用于一轮不少于 6 个县且不少于 10 个事件时的单个县。"),
      "korn-graubard-floor": Method(
        mark: "KG*",
        explanation: "n* 取有效样本量与按 ρ₀ 和权数变异算出的样本量中较小者，再在 (n*p, n*) 上取 Clopper–Pearson 界；"
          + "没有事件时有效样本量取 n。"),
      "korn-graubard": Method(
        mark: "KG", explanation: "在有效样本量上取 Clopper–Pearson 界（Korn 和 Graubard，1998）。"),
      "logit": Method(mark: "logit", explanation: "在 logit 尺度上取 t 区间，再变换回来（R survey 的默认值）。"),
      "t": Method(mark: "t", explanation: "估计值 ± t 分位数 × 标准误，用于均值、总量和一般比值。"),
      "wilson": Method(mark: "W", explanation: "在有效样本量上取 Wilson 界。"),
    ])
}
