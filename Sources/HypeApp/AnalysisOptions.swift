package import HypeCore
package import HypeMoments

/// Where the streamer's face is to be looked for.
package enum CameraChoice: Hashable, Sendable {
    /// The picture is searched.
    case search
    /// A part of the recording's picture.
    case region(PixelRegion)
    /// A recording of the camera alone, which starts together with the main recording.
    case file(String)

    /// Reads `x,y,w,h` or a path.
    ///
    /// - Parameter text: What stood behind `--camera`.
    package init(_ text: String) {
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        if numbers.count == 4, case (let x?, let y?, let w?, let h?) = (numbers[0], numbers[1], numbers[2], numbers[3]),
            w > 0, h > 0
        {
            self = .region(PixelRegion(x: x, y: y, width: w, height: h))
        } else {
            self = .file(text)
        }
    }
}

/// What to analyse and how.
package struct AnalysisOptions: Sendable {
    /// Path of the recording.
    package var video: String
    /// Path of the chat log, or nil.
    package var chat: String?
    /// Where the face is.
    package var camera: CameraChoice
    /// Folder for the clips, the report and the data.
    package var output: String
    /// Whether faces are looked at everywhere instead of only around chat and voice.
    package var isFull: Bool
    /// Every threshold of the rule and the planner.
    package var moments: MomentSettings
    /// How many stretches are watched at the same time, at least 1.
    package var parallelism: Int

    /// Creates options.
    package init(
        video: String,
        chat: String? = nil,
        camera: CameraChoice = .search,
        output: String,
        isFull: Bool = false,
        moments: MomentSettings = MomentSettings(),
        parallelism: Int = 2
    ) {
        self.video = video
        self.chat = chat
        self.camera = camera
        self.output = output
        self.isFull = isFull
        self.moments = moments
        self.parallelism = max(1, parallelism)
    }
}
