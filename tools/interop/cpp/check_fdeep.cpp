// check_fdeep MODEL.json CASES.json: loads a model with frugally-deep, which runs the tests inside of the file, predicts
// every row of CASES.json and compares. Exit code 0 when all agree.
#include <stdexcept>
// The JSON library would abort the process where a key is missing.
#define JSON_ASSERT(condition) \
    do { if (!(condition)) throw std::runtime_error("JSON: " #condition); } while (0)
#include <fdeep/fdeep.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iostream>
#include <vector>

using Json = nlohmann::json;

static Json read_json(const char* path)
{
    std::ifstream file(path);
    Json json;
    file >> json;
    return json;
}

static fdeep::tensor_shape row_shape(const std::vector<std::size_t>& shape)
{
    switch (shape.size()) {
    case 2: return fdeep::tensor_shape(shape[1]);
    case 3: return fdeep::tensor_shape(shape[1], shape[2]);
    case 4: return fdeep::tensor_shape(shape[1], shape[2], shape[3]);
    default: throw std::runtime_error("inputs of this rank are not expected");
    }
}

static fdeep::tensor row_of(const Json& array, std::size_t row)
{
    const auto shape = array["shape"].get<std::vector<std::size_t>>();
    const auto values = array["values"].get<std::vector<float>>();
    const std::size_t size = values.size() / shape[0];
    return fdeep::tensor(row_shape(shape), fdeep::float_vec(values.begin() + row * size, values.begin() + (row + 1) * size));
}

int main(int, char** arguments)
{
    try {
        const auto model = fdeep::load_model(arguments[1], true, fdeep::dev_null_logger);
        const Json cases = read_json(arguments[2]);
        const auto expected = cases["output"]["values"].get<std::vector<double>>();
        const std::size_t rows = cases["output"]["shape"][0];
        const double absolute = cases["absolute"], relative = cases["relative"];
        double largest = 0;
        for (std::size_t row = 0, next = 0; row < rows; ++row) {
            fdeep::tensors inputs;
            for (const auto& input : cases["inputs"]) inputs.push_back(row_of(input, row));
            const auto outputs = model.predict(inputs);
            for (const float value : outputs.at(0).to_vector()) {
                const double wanted = expected.at(next++);
                const double difference = std::fabs(value - wanted);
                if (!(difference <= absolute + relative * std::fabs(wanted)))
                    throw std::runtime_error("row " + std::to_string(row) + ": " + std::to_string(value) + ", expected " + std::to_string(wanted));
                largest = std::max(largest, difference);
            }
        }
        std::cout << "largest difference " << largest << "\n";
        return 0;
    } catch (const std::exception& error) {
        std::cerr << error.what() << "\n";
        return 1;
    }
}
