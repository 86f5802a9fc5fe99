/** The part of TensorFlow's graph.proto that a frozen graph needs. */
import protobuf from 'protobufjs/light.js';

const description: protobuf.INamespace = {
  nested: {
    tensorflow: {
      nested: {
        GraphDef: {
          fields: {
            node: { rule: 'repeated', type: 'NodeDef', id: 1 },
            library: { type: 'FunctionDefLibrary', id: 2 },
            versions: { type: 'VersionDef', id: 4 },
          },
        },
        FunctionDefLibrary: { fields: { function: { rule: 'repeated', type: 'bytes', id: 1 } } },
        VersionDef: {
          fields: { producer: { type: 'int32', id: 1 }, min_consumer: { type: 'int32', id: 2 } },
        },
        NodeDef: {
          fields: {
            name: { type: 'string', id: 1 },
            op: { type: 'string', id: 2 },
            input: { rule: 'repeated', type: 'string', id: 3 },
            attr: { keyType: 'string', type: 'AttrValue', id: 5 } as protobuf.IMapField,
          },
        },
        AttrValue: {
          // Without the oneof, zeros and false would be left out.
          oneofs: { value: { oneof: ['list', 's', 'i', 'f', 'b', 'type', 'shape', 'tensor'] } },
          fields: {
            list: { type: 'ListValue', id: 1 },
            s: { type: 'bytes', id: 2 },
            i: { type: 'int64', id: 3 },
            f: { type: 'float', id: 4 },
            b: { type: 'bool', id: 5 },
            type: { type: 'DataType', id: 6 },
            shape: { type: 'TensorShapeProto', id: 7 },
            tensor: { type: 'TensorProto', id: 8 },
          },
        },
        ListValue: { fields: { i: { rule: 'repeated', type: 'int64', id: 3, options: { packed: true } } } },
        TensorShapeProto: {
          fields: { dim: { rule: 'repeated', type: 'Dim', id: 2 }, unknown_rank: { type: 'bool', id: 3 } },
        },
        Dim: { fields: { size: { type: 'int64', id: 1 } } },
        TensorProto: {
          fields: {
            dtype: { type: 'DataType', id: 1 },
            tensor_shape: { type: 'TensorShapeProto', id: 2 },
            tensor_content: { type: 'bytes', id: 4 },
            float_val: { rule: 'repeated', type: 'float', id: 5 },
            int_val: { rule: 'repeated', type: 'int32', id: 7 },
            int64_val: { rule: 'repeated', type: 'int64', id: 10 },
            bool_val: { rule: 'repeated', type: 'bool', id: 11 },
          },
        },
        DataType: {
          values: { DT_INVALID: 0, DT_FLOAT: 1, DT_INT32: 3, DT_INT64: 9, DT_BOOL: 10 },
        },
      },
    },
  },
};

const root = protobuf.Root.fromJSON(description);

/** The message of a frozen graph. */
export const GraphDef = root.lookupType('tensorflow.GraphDef');
