import Foundation

/// A one-layer model (`y = sigmoid(x)`, `x` of shape `[?, 3]`) in OpenVINO's text form, so tests need no model file.
enum TinyModel {
    /// Writes the model into a folder.
    ///
    /// - Parameters:
    ///   - folder: Where to write.
    ///   - type: Element type of the input and output in OpenVINO's spelling, such as `f32`.
    ///   - precision: The same type in the spelling of ports, such as `FP32`.
    /// - Returns: The file.
    /// - Throws: What writing the file throws.
    static func write(to folder: URL, type: String = "f32", precision: String = "FP32") throws -> URL {
        let operation = type == "f32" ? "Sigmoid" : "Abs"
        let port = "<dim>-1</dim><dim>3</dim></port>"
        let text = """
            <?xml version="1.0"?>
            <net name="tiny" version="11">
            <layers>
            <layer id="0" name="x" type="Parameter" version="opset1"><data shape="?,3" element_type="\(type)"/>
            <output><port id="0" precision="\(precision)" names="x">\(port)</output></layer>
            <layer id="1" name="op" type="\(operation)" version="opset1">
            <input><port id="0" precision="\(precision)">\(port)</input>
            <output><port id="1" precision="\(precision)" names="y">\(port)</output></layer>
            <layer id="2" name="end" type="Result" version="opset1">
            <input><port id="0" precision="\(precision)">\(port)</input></layer>
            </layers>
            <edges>
            <edge from-layer="0" from-port="0" to-layer="1" to-port="0"/>
            <edge from-layer="1" from-port="1" to-layer="2" to-port="0"/>
            </edges>
            </net>
            """
        let url = folder.appendingPathComponent("tiny.xml")
        try Data(text.utf8).write(to: url)
        return url
    }
}
