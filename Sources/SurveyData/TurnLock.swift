internal import Glibc

/// Threads that do the same work and take turns at a shared resource.
///
/// Turns go round in order, so that worker k gets every k-th piece whatever the threads' speed, and a run
/// gives the same parts each time. A class, because C threads need one address to meet at.
package final class TurnLock: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let workers: Int
  /// Guarded by the mutex.
  private var turn = 0

  package init(workers: Int) {
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
  package func inTurn<Result>(of worker: Int, _ body: () -> Result) -> Result {
    pthread_mutex_lock(mutex)
    while turn != worker { pthread_cond_wait(condition, mutex) }
    let result = body()
    turn = (turn + 1) % workers
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
    return result
  }

  /// Does something alone, at any time.
  package func alone<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }
}
