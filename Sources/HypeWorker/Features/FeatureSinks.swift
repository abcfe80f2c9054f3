import HypeCore
import HypeDSP
import HypeMedia
import HypeWorkerLink

/// All files that a request asks for, written side by side.
struct FeatureSinks {
    private var writers: [FeatureWriter] = []
    private var pictures: [(path: String, picture: FeaturePicture)] = []

    init(_ request: FeaturesRequest, frameCount: Int, start: MediaTime) throws {
        let settings = request.settings
        for file in request.files {
            let format: any FeatureFormat
            switch file.format {
            case .csv: format = CSVFeatures(settings, start: start)
            case .json: format = JSONFeatures(settings, path: request.path, start: start)
            case .npy: format = NPYFeatures(valueCount: settings.names.count)
            case .png(let style):
                if let mistake = style.mistake { throw WorkerFailure(code: .other, message: mistake) }
                let picture = FeaturePicture(
                    settings: settings,
                    picture: style,
                    frameCount: frameCount,
                    start: start
                )
                pictures.append((file.path, picture))
                continue
            }
            writers.append(try FeatureWriter(format, path: file.path, frameCount: frameCount))
        }
    }

    mutating func take(power: [Float]) {
        for index in pictures.indices where pictures[index].picture.takesPower { pictures[index].picture.push(power) }
    }

    mutating func take(_ values: [Float]) throws(MediaError) {
        for index in writers.indices { try writers[index].write(values) }
        for index in pictures.indices where !pictures[index].picture.takesPower { pictures[index].picture.push(values) }
    }

    func finish() throws(MediaError) {
        for (path, picture) in pictures {
            let file = try OutputFile(path)
            try file.write(PNGWriter.encode(picture.draw()))
            try file.finish()
        }
        for writer in writers { try writer.finish() }
    }
}
