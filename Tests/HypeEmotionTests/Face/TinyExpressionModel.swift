import Foundation

/// An expression model of one linear layer in OpenVINO's text form, so tests need no trained file.
///
/// It knows two expressions of ``SyntheticFace``: surprise where the lower edge of the mouth is darker than the cheeks
/// (an open mouth), neutral otherwise.
enum TinyExpressionModel {
    /// Writes the model.
    ///
    /// - Parameters:
    ///   - folder: Where to write.
    ///   - outputName: Name of the output; another than `logits` makes a model of the wrong kind.
    /// - Returns: The `.xml` file; its weights lie beside it.
    /// - Throws: What writing throws.
    static func write(to folder: URL, outputName: String = "logits") throws -> URL {
        var weights = [Float](repeating: 0, count: 7 * 48 * 48)
        let neutral = 6 * 48 * 48
        let surprise = 5 * 48 * 48
        for y in 41..<43 {
            for x in 21..<27 { weights[surprise + y * 48 + x] = -0.2 / 12 }
        }
        for y in 28..<31 {
            for x in [12, 13, 34, 35] {
                weights[surprise + y * 48 + x] = 0.2 / 12
                weights[neutral + y * 48 + x] = 0.04 / 12
            }
        }
        var data = weights.withUnsafeBytes { Data($0) }
        data.append([Int64(0), 7].withUnsafeBytes { Data($0) })
        try data.write(to: folder.appendingPathComponent("tiny.bin"))
        let url = folder.appendingPathComponent("tiny.xml")
        try Data(text(outputName: outputName).utf8).write(to: url)
        return url
    }

    private static func port(_ id: Int, _ dimensions: [Int], precision: String = "FP32", name: String? = nil) -> String
    {
        let names = name.map { " names=\"\($0)\"" } ?? ""
        let axes = dimensions.map { "<dim>\($0)</dim>" }.joined()
        return "<port id=\"\(id)\" precision=\"\(precision)\"\(names)>\(axes)</port>"
    }

    private static func text(outputName: String) -> String {
        let (face, kernel, sums) = ([-1, 1, 48, 48], [7, 1, 48, 48], [-1, 7, 1, 1])
        return """
            <?xml version="1.0"?>
            <net name="tiny" version="11"><layers>
            <layer id="0" name="face" type="Parameter" version="opset1">
            <data shape="?,1,48,48" element_type="f32"/><output>\(port(0, face, name: "face"))</output></layer>
            <layer id="1" name="kernel" type="Const" version="opset1">
            <data element_type="f32" shape="7, 1, 48, 48" offset="0" size="64512"/>
            <output>\(port(0, kernel))</output></layer>
            <layer id="2" name="sums" type="Convolution" version="opset1"><data strides="1, 1" dilations="1, 1"
            pads_begin="0, 0" pads_end="0, 0" auto_pad="explicit"/>
            <input>\(port(0, face))\(port(1, kernel))</input><output>\(port(2, sums))</output></layer>
            <layer id="3" name="pattern" type="Const" version="opset1">
            <data element_type="i64" shape="2" offset="64512" size="16"/>
            <output>\(port(0, [2], precision: "I64"))</output></layer>
            <layer id="4" name="flat" type="Reshape" version="opset1"><data special_zero="true"/>
            <input>\(port(0, sums))\(port(1, [2], precision: "I64"))</input>
            <output>\(port(2, [-1, 7], name: outputName))</output></layer>
            <layer id="5" name="end" type="Result" version="opset1"><input>\(port(0, [-1, 7]))</input></layer>
            </layers><edges>
            <edge from-layer="0" from-port="0" to-layer="2" to-port="0"/>
            <edge from-layer="1" from-port="0" to-layer="2" to-port="1"/>
            <edge from-layer="2" from-port="2" to-layer="4" to-port="0"/>
            <edge from-layer="3" from-port="0" to-layer="4" to-port="1"/>
            <edge from-layer="4" from-port="2" to-layer="5" to-port="0"/>
            </edges></net>
            """
    }
}
