#include "api/ndscheduler/output_forms.hpp"

#include "api/http/message.hpp"
#include "api/ndscheduler/answers.hpp"
#include "api/ndscheduler/range_query.hpp"
#include "base/base64.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/time_text.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace foliot::api::ndscheduler {
namespace {

constexpr std::uint32_t kReplacement = 0xFFFD;
constexpr std::array<std::pair<std::string_view, OutputForm>, 3> kForms{
    {{"text", OutputForm::text}, {"json", OutputForm::json}, {"raw", OutputForm::raw}}};
constexpr std::array kStreams{Stream::out, Stream::err, Stream::log};

/// Terminals obey control characters: all but tab and the ends of lines are shown as pictures of themselves.
std::uint32_t harmless(std::uint32_t c) {
    constexpr std::uint32_t pictures = 0x2400, picture_of_delete = 0x2421;
    if (c == '\t' || c == '\n' || c == '\r') return c;
    if (c < 0x20) return pictures + c;
    if (c == 0x7f) return picture_of_delete;
    return c >= 0x80 && c < 0xa0 ? kReplacement : c;
}

void append_text(std::string& out, std::string_view bytes) {
    while (!bytes.empty()) {
        const std::size_t length = utf8::sequence_length(bytes);
        utf8::append(out, length == 0 ? kReplacement : harmless(utf8::decode(bytes)));
        bytes.remove_prefix(std::max<std::size_t>(1, length));
    }
}

std::string left_out(const OutputChunk& chunk) {
    const bool lines = chunk.stream == Stream::log;
    return "[... " + std::to_string(chunk.left_out) + (lines ? " lines" : " bytes") + " left out ...]";
}

/// What the run says they are; job code may have sent anything.
void write_fields(json::Writer& writer, const std::string& fields) {
    try {
        if (json::parse(fields).is(json::Kind::object)) {
            std::string line = fields;  // line feeds can only be between its parts
            std::replace_if(
                line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
            writer.raw_field("fields", line);
            return;
        }
    } catch (const json::SyntaxError&) {  // as text
    }
    std::string text;
    append_text(text, fields);
    writer.field("fields", text);
}

std::string json_of(const OutputChunk& chunk) {
    json::Writer writer = new_writer();
    writer.begin_object().field("time", iso_time(chunk.at)).field("stream", wire_name(chunk.stream));
    if (chunk.left_out > 0) {
        writer.field("left_out", static_cast<std::int64_t>(chunk.left_out));
    } else {
        if (chunk.stream == Stream::log) writer.field("level", wire_name(chunk.level));
        if (utf8::is_valid(chunk.data)) {
            writer.field("text", chunk.data);
        } else {
            writer.field("base64", to_base64(chunk.data));
        }
        if (!chunk.fields.empty()) write_fields(writer, chunk.fields);
    }
    return writer.end_object().take();
}

OutputForm form_of(const Request& request) {
    const auto given = request.query_value("format");
    if (!given) {
        bool wants_json = false;
        for_each_item(request.header("accept"), [&](std::string_view item) {
            wants_json = wants_json || trim(item.substr(0, item.find(';'))) == "application/json";
        });
        return wants_json ? OutputForm::json : OutputForm::text;
    }
    for (const auto& [name, form] : kForms) {
        if (name == *given) return form;
    }
    throw invalid_field("format", "must be one of text, json, raw, not '" + *given + "'");
}

std::optional<Stream> stream_of(const Request& request) {
    const auto given = request.query_value("stream");
    if (!given) return std::nullopt;
    for (const Stream stream : kStreams) {
        if (wire_name(stream) == *given) return stream;
    }
    throw invalid_field("stream", "must be one of stdout, stderr, log, not '" + *given + "'");
}

}  // namespace

OutputQuery output_query(const Request& request) {
    static const auto known = output_query_parameters();
    check_names(request, known);
    const std::string follow = request.query_value("follow").value_or("0");
    if (follow != "0" && follow != "1") throw invalid_field("follow", "must be 0 or 1, not '" + follow + "'");
    const OutputQuery query{form_of(request), follow == "1", stream_of(request)};
    if (query.form == OutputForm::raw && query.stream.value_or(Stream::log) == Stream::log)
        throw invalid_field("stream", "must be stdout or stderr with format=raw");
    return query;
}

std::vector<QueryParameter> output_query_parameters() {
    return {
        {"follow", Schema::word({"0", "1"}), "1: goes on with what it writes until it has ended"},
        {"format", Schema::word({"text", "json", "raw"}),
         "json: each piece with its time and stream, also with Accept: application/json; raw: the bytes of a stream"},
        {"stream", Schema::word({"stdout", "stderr", "log"}), "only this"}};
}

std::string content_type_of(const OutputQuery& query) {
    switch (query.form) {
        case OutputForm::text: break;
        case OutputForm::json: return query.follow ? "application/x-ndjson" : "application/json";
        case OutputForm::raw: return "application/octet-stream";
    }
    return "text/plain; charset=UTF-8";
}

std::vector<Answer> output_answers() {
    const Schema piece = Schema::object({{"time", Schema::text()},
                                         {"stream", Schema::word({"stdout", "stderr", "log"})},
                                         {"level", Schema::word({"DEBUG", "INFO", "WARNING", "ERROR"}), false},
                                         {"text", Schema::text(), false},
                                         {"base64", Schema::text(), false},
                                         {"fields", Schema::any(), false},
                                         {"left_out", Schema::whole(1), false}});
    return {{200, "What it printed and logged, so far while it runs", {}, "text/plain"},
            {200, "", Schema::object({{"output", Schema::list(piece)}}), "application/json"},
            {200, "", piece, "application/x-ndjson"},
            {200, "", {}, "application/octet-stream"}};
}

void OutputWriter::write(const OutputChunk& chunk, std::string& out) {
    if (query_.stream && chunk.stream != *query_.stream) return;
    switch (query_.form) {
        case OutputForm::text: return write_text(chunk, out);
        case OutputForm::json: out.append(json_of(chunk)).push_back('\n'); return;
        case OutputForm::raw: out += chunk.left_out > 0 ? "\n" + left_out(chunk) + "\n" : chunk.data; return;
    }
}

/// Where another stream goes on a line ends, so that nothing is joined that was not written so.
void OutputWriter::write_text(const OutputChunk& chunk, std::string& out) {
    const bool line = chunk.stream == Stream::log;
    if (in_line_ && (line || chunk.left_out > 0 || chunk.stream != last_)) out += '\n';
    last_ = chunk.stream;
    if (line) out += iso_time(chunk.at) + ' ';
    if (chunk.left_out > 0) {
        out += (line ? "WARNING " : "") + left_out(chunk);
    } else {
        append_text(out, line ? log_line(chunk) : chunk.data);
    }
    const bool whole = line || chunk.left_out > 0;
    if (whole && !out.ends_with('\n')) out += '\n';
    in_line_ = !out.ends_with('\n');
}

std::string output_body(const std::vector<OutputChunk>& chunks, const OutputQuery& query) {
    std::string body;
    if (query.form != OutputForm::json) {
        OutputWriter writer(query);
        for (const OutputChunk& chunk : chunks) writer.write(chunk, body);
        return body;
    }
    json::Writer writer = new_writer();
    writer.begin_object().key("output").begin_array();
    for (const OutputChunk& chunk : chunks) {
        if (!query.stream || chunk.stream == *query.stream) writer.raw(json_of(chunk));
    }
    return writer.end_array().end_object().take();
}

}  // namespace foliot::api::ndscheduler
