internal import CGSL

/// Keeps the GNU Scientific Library from ending the process when a function does not converge.
enum GSL {
  /// Touched before every call; the first touch switches the aborting handler off, once a process.
  static let isQuiet: Bool = {
    _ = gsl_set_error_handler_off()
    return true
  }()
}
