/// What several clients wait for, taken in turns: each client's own in its order, the clients one after the other.
///
/// Bounded. Where it is full, a client that wants in pushes out the latest of the client that has the most waiting, provided
/// that it has at least two more than the newcomer; so one client alone cannot fill it for all others.
package struct FairQueue<Element: Hashable & Sendable>: Sendable {
    /// What became of an element that wants in.
    package enum Admission: Hashable, Sendable {
        /// It waits.
        case queued
        /// It waits, and this one, of a greedier client, does not any more.
        case displaced(Element)
        /// There is no room.
        case refused
    }

    private struct Lane {
        var client: String
        var waiting: [Element]
    }

    /// Most elements that wait.
    package let capacity: Int
    /// Elements that wait.
    package private(set) var count = 0
    /// Clients with something that waits, in the order of their turns.
    private var lanes: [Lane] = []

    /// Creates an empty queue.
    ///
    /// - Parameter capacity: Most elements that wait, at least 1.
    package init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    /// Whether nothing waits.
    package var isEmpty: Bool { count == 0 }
    /// Everything that waits, client by client.
    package var elements: [Element] { lanes.flatMap(\.waiting) }

    /// Puts an element at the end of its client's line.
    package mutating func add(_ element: Element, of client: String) -> Admission {
        var admission = Admission.queued
        if count >= capacity {
            let own = lanes.first { $0.client == client }?.waiting.count ?? 0
            guard let greediest = lanes.indices.max(by: { lanes[$0].waiting.count < lanes[$1].waiting.count }),
                lanes[greediest].waiting.count >= own + 2
            else { return .refused }
            admission = .displaced(lanes[greediest].waiting.removeLast())
            count -= 1
        }
        count += 1
        if let lane = lanes.firstIndex(where: { $0.client == client }) {
            lanes[lane].waiting.append(element)
        } else {
            lanes.append(Lane(client: client, waiting: [element]))
        }
        return admission
    }

    /// Takes the element whose turn it is; nil where nothing waits.
    package mutating func next() -> Element? {
        guard !lanes.isEmpty else { return nil }
        var lane = lanes.removeFirst()
        let element = lane.waiting.removeFirst()
        if !lane.waiting.isEmpty { lanes.append(lane) }
        count -= 1
        return element
    }

    /// Takes an element out before its turn.
    ///
    /// - Returns: Whether it waited.
    @discardableResult
    package mutating func remove(_ element: Element) -> Bool {
        for index in lanes.indices {
            guard let place = lanes[index].waiting.firstIndex(of: element) else { continue }
            lanes[index].waiting.remove(at: place)
            if lanes[index].waiting.isEmpty { lanes.remove(at: index) }
            count -= 1
            return true
        }
        return false
    }

    /// How many elements are taken before one that a client would add now.
    package func ahead(of client: String) -> Int {
        let own = lanes.first { $0.client == client }?.waiting.count ?? 0
        return lanes.reduce(0) { $0 + ($1.client == client ? own : min($1.waiting.count, own + 1)) }
    }
}
