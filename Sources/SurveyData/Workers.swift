internal import Glibc
internal import Synchronization

/// Runs the same work on several threads of the system.
package enum Workers {
  /// Runs the work as worker 0 on this thread and as the others on threads of their own; waits for all.
  package static func run(_ workers: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let started = (1..<max(1, workers)).map { WorkerThread(number: $0, body: body) }
    body(0)
    for thread in started { thread.join() }
  }

  /// Works on every item, several at once; results stand in the order of the items, whoever worked on them.
  package static func map<Item: Sendable, Outcome: Sendable>(
    _ workers: Int,
    _ items: [Item],
    _ body: @escaping @Sendable (Item) -> Outcome
  ) -> [Outcome] {
    if workers <= 1 || items.count <= 1 { return items.map(body) }
    let next = PieceCounter()
    let parts = Parts<Outcome>(workers)
    run(min(workers, items.count)) { worker in
      while true {
        let place = next.take()
        if place >= items.count { return }
        parts.lists[worker].append((place, body(items[place])))
      }
    }
    var found = parts.lists.flatMap { $0 }
    found.sort { $0.0 < $1.0 }
    return found.map(\.1)
  }
}

/// A list for each worker, which nobody else touches while the work lasts.
private final class Parts<Outcome>: @unchecked Sendable {
  let lists: UnsafeMutableBufferPointer<[(Int, Outcome)]>

  init(_ workers: Int) {
    lists = .allocate(capacity: workers)
    lists.initialize(repeating: [])
  }

  deinit {
    lists.deinitialize()
    lists.deallocate()
  }
}

/// Hands out 0, 1, 2, … to whoever asks; a class, because threads share it.
private final class PieceCounter: Sendable {
  private let next = Atomic(0)

  func take() -> Int { next.wrappingAdd(1, ordering: .relaxed).oldValue }
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
