// FFmpeg's headers, and the macros that Swift's importer cannot read.
#pragma once

#include <libavcodec/avcodec.h>
#include <libavcodec/bsf.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/channel_layout.h>
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
