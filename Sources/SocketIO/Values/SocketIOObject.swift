/// Names with values, in the order in which they were added; the order does not count for equality.
public struct SocketIOObject: Sendable, Hashable {
    private var names: [String] = []
    private var values: [String: SocketIOValue] = [:]

    /// Creates an empty object.
    public init() {}

    /// Creates an object; of two members of one name the last wins.
    public init(_ members: some Sequence<(String, SocketIOValue)>) {
        for (name, value) in members { self[name] = value }
    }

    /// The value of a member; nil removes it.
    public subscript(_ name: String) -> SocketIOValue? {
        get { values[name] }
        set {
            if let newValue {
                if values.updateValue(newValue, forKey: name) == nil { names.append(name) }
            } else if values.removeValue(forKey: name) != nil {
                names.removeAll { $0 == name }
            }
        }
    }

    /// How many members there are.
    public var count: Int { names.count }

    /// The members in their order.
    public var members: [(name: String, value: SocketIOValue)] {
        names.map { ($0, values[$0] ?? .null) }
    }

    /// The same members with changed values.
    func mapValues<Failure: Error>(
        _ transform: (SocketIOValue) throws(Failure) -> SocketIOValue
    ) throws(Failure) -> SocketIOObject {
        var changed = self
        for name in names {
            changed.values[name] = try transform(values[name] ?? .null)
        }
        return changed
    }

    /// Whether two objects have the same members.
    public static func == (left: SocketIOObject, right: SocketIOObject) -> Bool { left.values == right.values }

    /// Hashes the members.
    public func hash(into hasher: inout Hasher) { hasher.combine(values) }
}

extension SocketIOObject: ExpressibleByDictionaryLiteral {
    /// Creates an object; of two members of one name the last wins.
    public init(dictionaryLiteral elements: (String, SocketIOValue)...) { self.init(elements) }
}
