export { openParquetFile } from './parquet/parquet-file.ts';
export { writeParquet } from './parquet/write-parquet.ts';
