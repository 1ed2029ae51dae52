internal import Documents
internal import StatisticalFunctions
internal import SurveyData
internal import SurveyDesign
internal import SurveyEstimation
internal import SurveyReporting

/// What stands behind each figure of a part: formula, variance, degrees of freedom and the quantile of the limits.
struct Explanation {
  let part: EstimationReport.Part
  let domains: DomainLabels
  let language: Language

  private func say(_ zh: String, _ en: String) -> String { LocalizedText(zh: zh, en: en).text(in: language) }

  /// One entry an estimate, by its key and domain.
  var definitions: [Document.Definition] {
    part.estimation.estimates.filter { !$0.isWithheld }.map { estimate in
      let place = estimate.domain.map { "\($0.variable)=\($0.value)" }.joined(separator: ", ")
      return Document.Definition(
        place.isEmpty ? estimate.indicator : "\(estimate.indicator) [\(place)]",
        sentences(estimate).joined(separator: say("；", "; ")) + say("。", ".")
      )
    }
  }

  private func sentences(_ estimate: Estimate) -> [String] {
    var parts = [formula(estimate), variance(estimate)]
    if let freedom = estimate.degreesOfFreedom { parts.append(self.freedom(freedom, estimate)) }
    if let interval = estimate.interval { parts.append(limits(interval, estimate)) }
    return parts
  }

  private func formula(_ estimate: Estimate) -> String {
    let key = estimate.indicator
    if let request = part.analysis.doubleSamples.first(where: { $0.key == key }) {
      let text =
        switch request.method {
        case .regression: say("ȳ₂ + b(x̄₁ − x̄₂)，b 为第二阶段样本的斜率", "ȳ₂ + b(x̄₁ − x̄₂), b the slope in the second phase")
        case .difference: "x̄₁ + (ȳ₂ − x̄₂)"
        case .postStratified: say("Σ_c N̂₁c/N̂₁ · ȳ₂c，c 为第一次判定的类", "Σ_c N̂₁c/N̂₁ · ȳ₂c over classes c of x")
        }
      return text + ", y = \(request.second.source), x = \(request.first.source)"
    }
    if let function = part.analysis.functions.first(where: { $0.key == key }) {
      return (function.formula(in: estimate.domain) ?? function.formula).source
        + say("，各估计值的光滑函数", ", a smooth function of estimates")
    }
    for request in part.analysis.quantiles {
      for share in request.probabilities where request.key(share) == key {
        let rule =
          switch request.rule {
          case .math: say("加权分布函数的逆", "the inverse of the weighted distribution function")
          case .school, .hf2:
            say("加权分布函数的逆，平段取中点（Hyndman–Fan 2）", "the inverse, midpoints where it is flat (Hyndman and Fan 2)")
          case .hf7: say("值之间线性内插（Hyndman–Fan 7）", "linear between the values (Hyndman and Fan 7)")
          }
        return "F̂(q) = \(shortest(share)), " + rule
      }
    }
    let column = key.split(separator: "=", maxSplits: 1).first.map(String.init) ?? key
    guard let indicator = part.request.indicators.first(where: { $0.key == key || $0.key == column }) else {
      return key
    }
    var text =
      switch indicator.statistic {
      case .total(let y): "Σ w·(\(y.source))"
      case .mean(let y): "Σ w·(\(y.source)) / Σ w"
      case .ratio(let a, let b): "Σ w·(\(a.source)) / Σ w·(\(b.source))"
      case .proportions: "Σ w·1[\(key)] / Σ w"
      case .variance(let y): "n/(n−1) · Σ w·(y − ȳ)² / Σ w, y = \(y.source)"
      }
    if indicator.isComplement { text = "1 − " + text }
    if let filter = indicator.filter { text += say("，限于 ", ", where ") + filter.source }
    return text
  }

  private func variance(_ estimate: Estimate) -> String {
    if part.analysis.doubleSamples.contains(where: { $0.key == estimate.indicator }) {
      return say(
        "方差 V₁(y) + V₂(g·e)，e 为残差，g 为权数的倍数（两相）",
        "variance V₁(y) + V₂(g·e) over both phases, e the residuals and g the factors of the weights"
      )
    }
    let function = part.analysis.functions.first { $0.key == estimate.indicator }
    if let function, function.furtherVariance != nil {
      return say(
        "方差 V(a)/J² + [p²Se(1−Se)/n_Se + (1−p)²Sp(1−Sp)/n_Sp]/J²，J = Se + Sp − 1（Rogan 与 Gladen 1978）",
        "variance V(a)/J² + [p²Se(1−Se)/n_Se + (1−p)²Sp(1−Sp)/n_Sp]/J², J = Se + Sp − 1 (Rogan and Gladen 1978)"
      )
    }
    if part.analysis.functions.contains(where: { $0.key == estimate.indicator }) {
      return say(
        "方差 g′Vg，V 为各估计值的协方差（delta 法）",
        "variance g′Vg with the joint covariance V of the estimates (delta method)"
      )
    }
    let isQuantile = part.analysis.quantiles.contains { request in
      request.probabilities.contains { request.key($0) == estimate.indicator }
    }
    let words = DesignWords(part: part, language: language)
    var text =
      isQuantile
      ? say("限值取自该处比例的方差：", "limits from the variance of the share below it: ") : say("方差：", "variance: ")
    text += words.variance
    if estimate.isWithinUnit {
      text += say("；该域是一个抽中的单位，以其下一阶段为第一阶段", "; the domain is one drawn unit, so its next stage counts as the first")
    }
    if !part.design.adjustments.isEmpty, part.replicates == nil { text += words.adjustmentVariance }
    return text
  }

  private func freedom(_ freedom: Int, _ estimate: Estimate) -> String {
    let origin: String
    if part.replicates != nil || DesignWords(part: part, language: language).hasJackknife {
      origin = say("重复权数矩阵的秩减 1", "rank of the replicate weights less 1")
    } else if part.request.domainFreedom == .design, !estimate.domain.isEmpty {
      origin = say("全设计的第一阶段单位数减层数", "first-stage units less strata of the whole design")
    } else {
      origin = say("第一阶段单位数减层数", "first-stage units less strata")
    }
    return say("自由度 \(freedom)（\(origin)）", "\(freedom) degrees of freedom (\(origin))")
  }

  private func limits(_ interval: Interval, _ estimate: Estimate) -> String {
    let share = (1 + interval.level) / 2
    let title = Wording.of(language).explanation(ofMethod: interval.method)
    guard let freedom = estimate.degreesOfFreedom, freedom > 0, interval.method != "recovered" else { return title }
    let t = StudentT(degreesOfFreedom: Double(freedom)).quantile(share)
    let quantile = "t(\(shortest(share)), \(freedom)) = \(NumberText.fixed(t, digits: 6))"
    if interval.method == "t" || interval.method == "mean" {
      return say("限值 = 估计 ± \(quantile) × 标准误", "limits = estimate ± \(quantile) × SE")
    }
    var text = say("限值：", "limits: ") + title + ", " + quantile
    if let size = interval.effectiveSampleSize { text += ", n* = \(NumberText.fixed(size, digits: 3))" }
    if let correlation = interval.correlation { text += ", ρ = \(NumberText.fixed(correlation, digits: 4))" }
    return text
  }
}

/// A design in words.
struct DesignWords {
  let part: EstimationReport.Part
  let language: Language

  private func say(_ zh: String, _ en: String) -> String { LocalizedText(zh: zh, en: en).text(in: language) }

  var hasJackknife: Bool {
    part.design.adjustments.contains { if case .replication = $0 { true } else { false } }
  }

  /// The stages from the first to the last: `dnum [stype] N: fpc1 → row`, and what is special about them.
  var design: String {
    if let replicates = part.replicates { return self.replicates(replicates) }
    var text = part.design.stages.map(stage).joined(separator: " → ")
    if let joint = part.joint {
      text += say("；联合入样概率 ", "; joint probabilities ") + lastComponent(joint.path)
    } else if let joint = part.design.joint {
      text += say("；联合入样概率：", "; joint probabilities: ") + name(joint)
    }
    if let phase = part.design.secondPhase {
      text += say("；第二阶段抽样（\(phase.subset) = 1）：", "; second phase (\(phase.subset) = 1): ")
      text += phase.stages.map(stage).joined(separator: " → ") + ", \(phase.variance.rawValue)"
    }
    return text
  }

  private func stage(_ stage: SampleDesign.Stage) -> String {
    var text =
      switch stage.unit {
      case .row: say("每行一个单位", "each row a unit")
      case .column(let name): name
      }
    if !stage.strata.isEmpty { text += say("，层 ", ", strata ") + stage.strata.joined(separator: " × ") }
    if let size = stage.populationSize {
      text += stage.isProportional ? say("，入样概率 ", ", probabilities ") + size : say("，总体 ", ", population ") + size
    } else {
      text += say("，有放回", ", with replacement")
    }
    switch stage.order {
    case nil: break
    case .rows?: text += say("，按文件次序", ", in the order of the file")
    case .column(let name)?: text += say("，次序 ", ", order ") + name
    }
    return text
  }

  private func replicates(_ order: ReplicateOrder) -> String {
    let names = order.patterns.count > 4 ? [order.patterns[0], "…"] + order.patterns.suffix(1) : order.patterns
    var text = say("重复权数 ", "replicate weights ") + names.joined(separator: ", ")
    text += " (" + (order.method ?? order.kind.rawValue)
    if order.fay > 0 { text += ", ρ = \(shortest(order.fay))" }
    if let scale = order.scale { text += ", scale \(shortest(scale))" }
    return text + (order.isMeanSquaredError ? ", mse)" : ")")
  }

  private func name(_ joint: JointProbabilities) -> String {
    switch joint {
    case .overton: "Overton"
    case .hartleyRao: "Hartley–Rao"
    case .independent: "Poisson"
    case .exact(_, let isGrundy): isGrundy ? "Sen–Yates–Grundy" : "Horvitz–Thompson"
    }
  }

  /// The steps that the weights took after the design.
  var adjustments: String {
    part.design.adjustments.map { step in
      switch step {
      case .postStratification(let spec):
        say("事后分层 ", "post-stratified by ") + spec.columns.joined(separator: " × ")
      case .raking(let margins):
        say("迭代比例调整 ", "raked to ") + margins.map { $0.columns.joined(separator: " × ") }.joined(separator: ", ")
      case .calibration(let spec):
        say("校准（\(spec.distance.rawValue)）", "calibrated (\(spec.distance.rawValue)) to ")
          + ((spec.hasIntercept ? ["(intercept)"] : []) + spec.terms.map(\.source)).joined(separator: ", ")
      case .unknownEligibility(let spec):
        say("资格不明分摊 ", "unknown eligibility shared out") + classes(spec.classes)
          + (spec.eligibleShare.map { ", e = \(shortest($0))" } ?? "")
      case .nonresponse(let spec):
        switch spec.method {
        case .classes(let names): say("无应答调整", "adjusted for nonresponse") + classes(names)
        case .propensity(let terms, let count):
          say("应答倾向 ", "response propensity by ") + terms.map(\.source).joined(separator: ", ")
            + (count.map { say("，\($0) 类", ", \($0) classes") } ?? ", 1/p̂")
        }
      case .trimming(let spec):
        say("截尾 ", "trimmed to ")
          + "\(spec.lower.map { shortest($0) } ?? "−∞")…\(spec.upper.map { shortest($0) } ?? "∞")"
      case .replication(let method, let isMeanSquaredError):
        replication(method) + (isMeanSquaredError ? " (mse)" : "")
      }
    }.joined(separator: " → ")
  }

  private func classes(_ names: [String]) -> String {
    names.isEmpty ? "" : say("，按 ", " by ") + names.joined(separator: " × ")
  }

  private func replication(_ plan: Replication) -> String {
    guard let method = ReplicationMethods.named(plan.method) else { return plan.method }
    var text = say("重复权数：", "replicates: ") + method.title.text(in: language) + ", \(method.source)"
    if let count = part.replicateCount { text += say("，\(count) 个", ", \(count)") }
    if method.takesFay { text += ", ρ = \(shortest(plan.fay))" }
    if method.isRandom { text += say("，种子 \(plan.seed)", ", seed \(plan.seed)") }
    return text
  }

  /// What the variance is, for the design as it is.
  var variance: String {
    if part.replicates != nil || hasJackknife {
      return say("重复估计的离散：scale · Σ rscale_r (θ_r − c)²，", "spread of the replicates, scale · Σ rscale_r (θ_r − c)², ")
        + (isAroundWhole
          ? say("c 为全样本的估计", "c the estimate of the whole sample") : say("c 为各重复的平均", "c the mean of the replicates"))
    }
    if let phase = part.design.secondPhase {
      return say("两相抽样（\(phase.variance.rawValue)）", "two-phase, \(phase.variance.rawValue)")
    }
    if let joint = part.joint {
      return (joint.isSenYatesGrundy ? "Sen–Yates–Grundy" : "Horvitz–Thompson")
        + say("，用联合入样概率", " from the joint probabilities")
    }
    if let joint = part.design.joint { return name(joint) + say(" 的联合入样概率", "'s joint probabilities") }
    let stages = part.design.stages
    let parts = stages.enumerated().map { place, stage -> String in
      let strata = stage.strata.isEmpty ? "" : say("，按层", " by stratum")
      let factor = stage.populationSize == nil ? "" : "(1 − n/N)·"
      if stage.order != nil {
        let own = stage.isProportional ? "n/(2(n−1))·Σ(1 − π̄)(zᵢ−zᵢ₋₁)²" : factor + "n/(2(n−1))·Σ(zᵢ−zᵢ₋₁)²"
        return own + strata + say("（逐次差分，Wolter 2007）", " (successive differences, Wolter 2007)")
      }
      if stage.isProportional {
        return say("Brewer 近似 ", "Brewer's approximation ") + "n/(n−1)·Σ(1 − π)(z−z̄)²" + strata
      }
      if stage.populationSize == nil { return "n/(n−1)·Σ(z−z̄)²" + strata + say("（按有放回）", " (as with replacement)") }
      return factor + "n/(n−1)·Σ(z−z̄)²" + strata
    }
    let line = say("线性化值 z，", "of the linearized values z, ") + parts.joined(separator: say("；下一阶段 ", "; next stage "))
    let policy = part.design.lonelyUnits == .fail ? "" : ", --lonely-psu \(part.design.lonelyUnits.rawValue)"
    return line + policy
  }

  /// What replicates deviate from.
  private var isAroundWhole: Bool {
    part.replicates?.isMeanSquaredError
      ?? part.design.adjustments.contains {
        if case .replication(_, let isMeanSquaredError) = $0 { isMeanSquaredError } else { false }
      }
  }

  /// What an adjustment of the weights does to it.
  var adjustmentVariance: String {
    if hasJackknife { return say("，每个重复都作同样的调整", ", every replicate adjusted in the same way") }
    return say("，z 取对校准变量回归的残差", ", z the residuals from the auxiliary variables")
  }
}
