// What runs write, however it arrives and whoever looks on: each byte is kept in its place or told to be missing.
#include "output_model.hpp"

using namespace foliot;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::OutputModel(fuzz::text_of(data, size)).run();
    return 0;
}
