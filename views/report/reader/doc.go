// Package reader reads back what exports have written: the counts of hashes as CSV, JSON and NDJSON, and the top list
// of a crawl. 'dhtop import' puts what it yields into the store. The files may be anybody's: every row is bounded, and
// an error names the line.
package reader
