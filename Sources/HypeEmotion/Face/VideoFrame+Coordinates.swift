import HypeCore

extension VideoFrame {
    /// A rectangle of this picture in coordinates of the source picture.
    func source(of box: FaceBox) -> FaceBox {
        let (horizontal, vertical) = scale
        return FaceBox(
            x: Float(region.x) + box.x * horizontal,
            y: Float(region.y) + box.y * vertical,
            width: box.width * horizontal,
            height: box.height * vertical
        )
    }

    /// A rectangle of the source picture in coordinates of this picture.
    func box(of source: FaceBox) -> FaceBox {
        let (horizontal, vertical) = scale
        return FaceBox(
            x: (source.x - Float(region.x)) / horizontal,
            y: (source.y - Float(region.y)) / vertical,
            width: source.width / horizontal,
            height: source.height / vertical
        )
    }

    /// A point of this picture in coordinates of the source picture.
    func source(of point: SIMD2<Float>) -> SIMD2<Float> {
        SIMD2(Float(region.x), Float(region.y)) + point * SIMD2(scale.0, scale.1)
    }

    /// A point of the source picture in coordinates of this picture.
    func point(of source: SIMD2<Float>) -> SIMD2<Float> {
        (source - SIMD2(Float(region.x), Float(region.y))) / SIMD2(scale.0, scale.1)
    }

    /// Source pixels per pixel of this picture, across and down.
    private var scale: (Float, Float) {
        (Float(region.width) / Float(max(1, image.width)), Float(region.height) / Float(max(1, image.height)))
    }
}

extension MediaTime {
    /// Number of the grid cell that holds this position; the grid starts at media time zero.
    func index(ofGrid cell: Duration) -> Int64 {
        let length = max(1, cell.nanoseconds)
        let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: length)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
