/**
 * ONNX Runtime's library reports its use to its makers unless this variable is set when its first session starts. A worker
 * thread cannot set it for the process, so it is set when the main thread loads the engine.
 */
process.env['ORT_DISABLE_TELEMETRY'] ??= '1';
