// FFmpeg's headers, and the macros that Swift's importer cannot read.
#pragma once

#include <libavcodec/avcodec.h>
#include <libavcodec/bsf.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/channel_layout.h>
#include <libavutil/crc.h>
#include <libavutil/display.h>
#include <libavutil/error.h>
#include <libavutil/imgutils.h>
#include <libavutil/log.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libavutil/tx.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>

static const int64_t hype_nopts = AV_NOPTS_VALUE;
static const int hype_error_eof = AVERROR_EOF;
static const int hype_error_again = AVERROR(EAGAIN);
static const int hype_error_exit = AVERROR_EXIT;
static const int hype_error_invalid_data = AVERROR_INVALIDDATA;

static inline int hype_averror(int posix_code) { return AVERROR(posix_code); }

// Stream side data moved to the codec parameters in FFmpeg 6.1, and its old functions are gone in 8.

/// The stream's display matrix (9 integers), or NULL.
static inline const int32_t *hype_display_matrix(const AVStream *stream) {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 31, 102)
    const AVPacketSideData *data = av_packet_side_data_get(
        stream->codecpar->coded_side_data, stream->codecpar->nb_coded_side_data, AV_PKT_DATA_DISPLAYMATRIX);
    return data && data->size >= 9 * sizeof(int32_t) ? (const int32_t *)data->data : NULL;
#else
    size_t size = 0;
    const uint8_t *data = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
    return data && size >= 9 * sizeof(int32_t) ? (const int32_t *)data : NULL;
#endif
}

/// Gives a stream a display matrix that turns the picture clockwise; 0 or a negative error code.
static inline int hype_set_rotation(AVStream *stream, double clockwise_degrees) {
    const size_t size = 9 * sizeof(int32_t);
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 31, 102)
    AVPacketSideData *data = av_packet_side_data_new(
        &stream->codecpar->coded_side_data, &stream->codecpar->nb_coded_side_data, AV_PKT_DATA_DISPLAYMATRIX, size, 0);
    uint8_t *matrix = data ? data->data : NULL;
#else
    uint8_t *matrix = av_stream_new_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, size);
#endif
    if (!matrix) return AVERROR(ENOMEM);
    av_display_rotation_set((int32_t *)matrix, clockwise_degrees);
    return 0;
}
