internal import Glibc

/// Runs the same work on several threads that take turns at a shared resource.
///
/// Turns go round in order, so that worker k gets every k-th piece whatever the threads' speed, and a run
/// gives the same parts each time. A class, because C threads need one address to meet at.
final class TurnLock: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let workers: Int
  /// Guarded by the mutex.
  private var turn = 0

  init(workers: Int) {
    self.workers = workers
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Does something alone when it is this worker's turn, then passes the turn on.
  func inTurn<Result>(of worker: Int, _ body: () -> Result) -> Result {
    pthread_mutex_lock(mutex)
    while turn != worker { pthread_cond_wait(condition, mutex) }
    let result = body()
    turn = (turn + 1) % workers
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
    return result
  }

  /// Does something alone, at any time.
  func alone<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }

  /// Runs the work as worker 0 on this thread and as the others on threads of their own; waits for all.
  static func run(workers: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let started = (1..<max(1, workers)).map { WorkerThread(number: $0, body: body) }
    body(0)
    for thread in started { thread.join() }
  }
}

/// One thread of the system with its own piece of work.
private struct WorkerThread {
  private final class Work: Sendable {
    let number: Int
    let body: @Sendable (Int) -> Void

    init(_ number: Int, _ body: @escaping @Sendable (Int) -> Void) {
      self.number = number
      self.body = body
    }
  }

  private let thread: pthread_t?

  init(number: Int, body: @escaping @Sendable (Int) -> Void) {
    let work = Unmanaged.passRetained(Work(number, body))
    var thread = pthread_t()
    let status = pthread_create(
      &thread,
      nil,
      { context in
        guard let context else { return nil }
        let work = Unmanaged<Work>.fromOpaque(context).takeRetainedValue()
        work.body(work.number)
        return nil
      },
      work.toOpaque()
    )
    precondition(status == 0, "the system gave no thread")
    self.thread = thread
  }

  func join() {
    if let thread { pthread_join(thread, nil) }
  }
}
