/// Remembers the last few of a stream of values, so that repeated ones can be told.
struct RecentSet<Element: Hashable & Sendable>: Sendable {
    private let capacity: Int
    private var members: Set<Element> = []
    private var order: [Element] = []
    private var oldest = 0

    /// Creates an empty memory.
    ///
    /// - Parameter capacity: How many values are remembered, at least 1.
    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    /// Remembers a value; the oldest one is forgotten for it where the memory is full.
    ///
    /// - Parameter element: The value.
    /// - Returns: Whether it was unknown.
    mutating func insert(_ element: Element) -> Bool {
        guard members.insert(element).inserted else { return false }
        if order.count < capacity {
            order.append(element)
        } else {
            members.remove(order[oldest])
            order[oldest] = element
            oldest = (oldest + 1) % capacity
        }
        return true
    }
}
