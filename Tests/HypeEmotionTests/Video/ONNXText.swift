import Foundation

/// A graph as `hypetrain.videomae.parity` writes it down, from which an ONNX file is made.
struct ONNXText: Decodable {
    struct Node: Decodable {
        let op: String
        let `in`: [String]
        let out: [String]
        let attributes: [Attribute]
    }

    struct Attribute: Decodable {
        let name: String
        let int: Int?
        let ints: [Int]?
        let float: Float?
        let tensor: Tensor?
    }

    /// A tensor by its numbers, or by the seed that makes them.
    struct Tensor: Decodable {
        let name: String?
        let dims: [Int]
        let type: String?
        let values: [Double]?
        let seed: UInt32?
        let offset: Int?
        let transposed: Bool?
    }

    let opset: Int
    let ir: Int
    let nodes: [Node]
    let tensors: [Tensor]

    /// The file's content; -1 in a shape stands for the batch.
    func model(input: (name: String, shape: [Int]), outputs: [(name: String, shape: [Int])]) -> Data {
        var graph = ProtocolBuffer()
        for node in nodes { graph.add(1, node.message) }
        graph.add(2, "tiny")
        for tensor in tensors { graph.add(5, tensor.message) }
        graph.add(11, Self.port(input.name, input.shape))
        for output in outputs { graph.add(12, Self.port(output.name, output.shape)) }
        var operators = ProtocolBuffer()
        operators.add(1, "")
        operators.add(2, opset)
        var model = ProtocolBuffer()
        model.add(1, ir)
        model.add(7, graph)
        model.add(8, operators)
        return Data(model.bytes)
    }

    private static func port(_ name: String, _ shape: [Int]) -> ProtocolBuffer {
        var dimensions = ProtocolBuffer()
        for size in shape {
            var dimension = ProtocolBuffer()
            if size < 0 { dimension.add(2, "n") } else { dimension.add(1, size) }
            dimensions.add(1, dimension)
        }
        var tensor = ProtocolBuffer()
        tensor.add(1, 1)
        tensor.add(2, dimensions)
        var type = ProtocolBuffer()
        type.add(1, tensor)
        var port = ProtocolBuffer()
        port.add(1, name)
        port.add(2, type)
        return port
    }
}

extension ONNXText.Node {
    fileprivate var message: ProtocolBuffer {
        var message = ProtocolBuffer()
        for name in self.in { message.add(1, name) }
        for name in out { message.add(2, name) }
        message.add(4, op)
        for attribute in attributes { message.add(5, attribute.message) }
        return message
    }
}

extension ONNXText.Attribute {
    fileprivate var message: ProtocolBuffer {
        var message = ProtocolBuffer()
        message.add(1, name)
        if let float {
            message.add(2, float)
            message.add(20, 1)
        } else if let int {
            message.add(3, int)
            message.add(20, 2)
        } else if let tensor {
            message.add(5, tensor.message)
            message.add(20, 4)
        } else if let ints {
            for number in ints { message.add(8, number) }
            message.add(20, 7)
        }
        return message
    }
}

extension ONNXText.Tensor {
    /// Sizes in the file: those of the weight, turned where the file holds it turned.
    private var sizes: [Int] { transposed == true ? dims.reversed() : dims }

    private var content: [UInt8] {
        if type == "int64", let values {
            return values.flatMap { value in withUnsafeBytes(of: Int64(value).littleEndian, Array.init) }
        }
        return floats.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init) }
    }

    private var floats: [Float] {
        guard let seed else { return (values ?? []).map(Float.init) }
        var noise = Noise(seed: seed)
        let plain = (0..<dims.reduce(1, *)).map { _ in Float(0.25 * noise.next()) + Float(offset ?? 0) }
        guard transposed == true else { return plain }
        return (0..<dims[1]).flatMap { column in (0..<dims[0]).map { plain[$0 * dims[1] + column] } }
    }

    fileprivate var message: ProtocolBuffer {
        var message = ProtocolBuffer()
        for size in sizes { message.add(1, size) }
        message.add(2, type == "int64" ? 7 : 1)
        if let name { message.add(8, name) }
        message.add(9, content)
        return message
    }
}

/// The linear congruential generator of `hypetrain.parity.noise`, -1…1.
struct Noise {
    private var state: UInt32

    init(seed: UInt32) { state = seed }

    mutating func next() -> Double {
        state = 1_664_525 &* state &+ 1_013_904_223
        return Double(state) / 2_147_483_648 - 1
    }
}

/// As much of protocol buffers as ONNX takes.
private struct ProtocolBuffer {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ field: Int, _ number: Int) {
        varint(UInt64(field << 3))
        varint(UInt64(bitPattern: Int64(number)))
    }

    mutating func add(_ field: Int, _ number: Float) {
        varint(UInt64(field << 3 | 5))
        bytes += withUnsafeBytes(of: number.bitPattern.littleEndian, Array.init)
    }

    mutating func add(_ field: Int, _ text: String) { add(field, Array(text.utf8)) }

    mutating func add(_ field: Int, _ message: ProtocolBuffer) { add(field, message.bytes) }

    mutating func add(_ field: Int, _ content: [UInt8]) {
        varint(UInt64(field << 3 | 2))
        varint(UInt64(content.count))
        bytes += content
    }

    private mutating func varint(_ number: UInt64) {
        var rest = number
        while rest > 0x7f {
            bytes.append(UInt8(rest & 0x7f | 0x80))
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
