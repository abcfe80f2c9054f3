import Foundation
import HypeCore
import HypeEmotion
import HypeInference
import Testing

/// What `Training/hypetrain/videomae/parity.py` computed.
struct VideoParity: Decodable {
    struct Samples: Decodable {
        let frames: Int
        let grid: Int
        /// For 1 … `grid` available points, the points that are taken.
        let points: [[Int]]
    }

    struct Cut: Decodable {
        let width: Int
        let height: Int
        let side: Int
        let region: [Int]?
        let crc32: UInt32
        let places: [Int]
        let numbers: [Float]
    }

    struct Tiny: Decodable {
        struct Answer: Decodable {
            let width: Int
            let height: Int
            let pictures: [Int]
            let logits: [Float]
            let embedding: [Float]
            let probabilities: [Float]

            /// The clip's pictures, through the pipeline.
            func clip(side: Int) throws -> [ClipPicture] {
                try pictures.map { number in
                    try #require(ClipPicture(VideoParity.picture(width, height, number: number), side: side))
                }
            }
        }

        let graph: ONNXText
        let answers: [Answer]
    }

    let samples: [Samples]
    let cuts: [Cut]
    let tiny: Tiny

    private static let url = Bundle.module.url(forResource: "Parity/videomae", withExtension: "json")

    static func load() throws -> VideoParity {
        try JSONDecoder().decode(VideoParity.self, from: Data(contentsOf: #require(url)))
    }

    /// Writes the tiny network and its description.
    ///
    /// - Parameters:
    ///   - folder: Where to.
    ///   - name: Name of the files.
    ///   - description: Changes the description before it is written.
    ///   - outputs: Names and shapes that the file announces.
    /// - Returns: The net's file.
    /// - Throws: What writing throws.
    static func write(
        to folder: URL,
        name: String = "videomae-emotion",
        describing description: (inout [String: Any]) -> Void = { _ in },
        outputs: [(name: String, shape: [Int])] = [("logits", [-1, 7]), ("embedding", [-1, 16])]
    ) throws -> URL {
        let file = folder.appending(path: "\(name).onnx")
        try load().tiny.graph.model(input: ("video", [-1, 4, 3, 32, 32]), outputs: outputs).write(to: file)
        let document = try JSONSerialization.jsonObject(with: Data(contentsOf: #require(url))) as? [String: Any]
        var said = try #require((document?["tiny"] as? [String: Any])?["description"] as? [String: Any])
        said["name"] = name
        description(&said)
        try JSONSerialization.data(withJSONObject: said).write(to: folder.appending(path: "\(name).json"))
        return file
    }

    /// The tiny network, loaded.
    static func model(
        batch: Int = 1,
        describing description: (inout [String: Any]) -> Void = { _ in }
    ) throws -> VideoMAEModel {
        try FaceTestModels.inTemporaryFolder { folder in
            let file = try write(to: folder, describing: description)
            return try VideoMAEModel(file: file, core: FaceTestModels.core.get(), batch: batch)
        }
    }

    /// The picture of `hypetrain.videomae.parity.picture`.
    static func picture(_ width: Int, _ height: Int, number: Int = 0) -> PixelBuffer {
        func wave(_ number: Int) -> UInt8 { UInt8(abs(number % 510 - 255)) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(width * height * 3)
        for y in 0..<height {
            for x in 0..<width {
                let hash = UInt32(truncatingIfNeeded: (x * 7_919 + y * 104_729 + number * 1_299_721) * 2_654_435_761)
                bytes.append(wave(3 * x + 2 * y + 31 * number))
                bytes.append(wave(2 * x + 5 * y + 60))
                bytes.append(UInt8(truncatingIfNeeded: hash >> 13))
            }
        }
        return PixelBuffer(width: width, height: height, bytes: bytes)
    }
}
