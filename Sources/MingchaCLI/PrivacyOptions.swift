internal import ArgumentParser
internal import MingchaWorkflow

/// `--allow-direct`, in every command that estimates.
struct PrivacyOptions: ParsableArguments {
  @Flag(
    help: ArgumentHelp(
      words(
        zh: "允许文件含姓名、身份证号、电话、精确坐标；默认拒绝（标准输入不能事先查看）。",
        en: """
          Take files with names, identity or telephone numbers or exact coordinates; they are refused by default \
          (standard input cannot be looked at beforehand).
          """
      )
    )
  )
  var allowDirect = false
}
