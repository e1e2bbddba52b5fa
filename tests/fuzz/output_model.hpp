// What is captured of runs, compared with a model that keeps everything.
#pragma once

#include "base/utf8.hpp"
#include "process/frames.hpp"
#include "require.hpp"
#include "runner/live_output.hpp"
#include "runner/output_capture.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace foliot::fuzz {

/// Numbers and bytes out of what a fuzzer made up.
class Script {
  public:
    explicit Script(std::string_view text) : text_(text) {}
    bool ended() const { return text_.empty(); }
    unsigned number() {
        if (text_.empty()) return 0;
        const auto value = static_cast<unsigned char>(text_.front());
        text_.remove_prefix(1);
        return value;
    }
    std::string_view bytes() {
        const std::string_view taken = text_.substr(0, number());
        text_.remove_prefix(std::min(taken.size(), text_.size()));
        return taken;
    }

  private:
    std::string_view text_;
};

/// One run on one worker: its streams arrive in turns, cut anywhere, while one reader looks on.
class OutputModel {
  public:
    explicit OutputModel(std::string_view text)
        : script_(text), max_(script_.number() * 2 + 2), pipes_{{{kNonce, max_}, {kNonce, max_}}} {}

    /// Returns how many pieces it has compared.
    std::size_t run() {
        while (!script_.ended()) step();
        std::vector<runner::OutputCapture::Segment> done;
        for (const std::size_t which : {0U, 1U}) {
            const std::string marker = process::marker(kNonce, 7);
            const std::size_t cut = std::min<std::size_t>(max_ % process::kMarkerBytes, marker.size());
            feed(which, std::string_view(marker).substr(0, cut), done);
            REQUIRE(done.size() == which);
            feed(which, std::string_view(marker).substr(cut), done);
            REQUIRE(done.size() == which + 1 && done.back().run == 7);
            REQUIRE(pipes_[which].rest().empty());
        }
        runner::OutputPosition begin;
        std::vector<OutputChunk> stored;
        REQUIRE(runner::put_in_order(done[0].text.view(), done[1].text.view(), log_, kAll, begin, stored));
        check(stored);
        check_kept(stored);
        for (OutputChunk& chunk : runner::output_after(stored, seen_)) followed_.push_back(std::move(chunk));
        check(followed_);
        return stored.size() + followed_.size();
    }

  private:
    static constexpr std::size_t kAll = ~std::size_t{0};
    static inline const std::string kNonce = "0123456789abcdef";

    void step() {
        now_ += 3'000;
        std::vector<runner::OutputCapture::Segment> done;
        const unsigned what = script_.number() % 4;
        if (what < 2) {
            const std::string_view bytes = script_.bytes();
            if ((written_[what] + std::string(bytes)).find(kNonce) != std::string::npos) return;
            written_[what] += bytes;
            feed(what, bytes, done);
            REQUIRE(done.empty());
        } else if (what == 2) {
            lines_.emplace_back(script_.bytes());
            log_.add({.stream = Stream::log, .at = now_, .data = lines_.back()},
                     arrivals_.next(Stream::log, now_).order, max_);
        } else {
            runner::put_in_order(pipes_[0].view(), pipes_[1].view(), log_, script_.number(), seen_, followed_);
        }
    }

    void feed(std::size_t which, std::string_view bytes, std::vector<runner::OutputCapture::Segment>& done) {
        pipes_[which].feed(bytes, arrivals_.next(which == 0 ? Stream::out : Stream::err, now_), done);
    }

    /// Everything is there once or told of, each stream in its order.
    void check(const std::vector<OutputChunk>& chunks) const {
        std::array<std::uint64_t, 2> at{};
        std::uint64_t line = 0;
        for (const OutputChunk& chunk : chunks) {
            REQUIRE(chunk.left_out > 0 ? chunk.data.empty() : chunk.stream == Stream::log || !chunk.data.empty());
            if (chunk.stream == Stream::log) {
                REQUIRE(chunk.left_out > 0 || chunk.data == lines_.at(line));
                line += std::max<std::uint64_t>(1, chunk.left_out);
                continue;
            }
            const std::size_t which = chunk.stream == Stream::out ? 0 : 1;
            REQUIRE(written_[which].compare(at[which], chunk.data.size(), chunk.data) == 0);
            at[which] += chunk.left_out + chunk.data.size();
        }
        REQUIRE(at[0] == written_[0].size() && at[1] == written_[1].size() && line == lines_.size());
    }

    /// What is missing had to be, pieces stand in order of time, and no character is torn by one.
    void check_kept(const std::vector<OutputChunk>& chunks) const {
        constexpr std::size_t characters = 6;  // an end and a beginning of one
        std::array<std::size_t, 2> at{};
        for (const OutputChunk& chunk : chunks) {
            if (chunk.stream == Stream::log) continue;
            const std::size_t which = chunk.stream == Stream::out ? 0 : 1;
            at[which] += chunk.left_out + chunk.data.size();
            const std::size_t torn = utf8::open_end(chunk.data);
            REQUIRE(torn == 0 ||
                    utf8::sequence_length(std::string_view(written_[which]).substr(at[which] - torn)) == 0);
            if (chunk.left_out == 0) continue;
            const std::size_t all = written_[which].size();
            REQUIRE(all > max_ && chunk.left_out >= all - max_ && chunk.left_out <= all - max_ + characters);
        }
        REQUIRE(std::is_sorted(chunks.begin(), chunks.end(),
                               [](const OutputChunk& a, const OutputChunk& b) { return a.at < b.at; }));
    }

    Script script_;
    std::size_t max_;
    std::array<runner::OutputCapture, 2> pipes_;
    runner::LogCapture log_;
    runner::Arrivals arrivals_;
    Micros now_ = 0;
    std::array<std::string, 2> written_;
    std::vector<std::string> lines_;
    runner::OutputPosition seen_;
    std::vector<OutputChunk> followed_;
};

}  // namespace foliot::fuzz
