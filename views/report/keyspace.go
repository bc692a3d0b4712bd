package report

import (
	"encoding/hex"
	"fmt"
	"io"
	"slices"

	"dhtop/dhtcore"
)

// WriteCells writes the parts of the crawl's keyspace as CSV, a line each: the first byte of the IDs in it
// after the prefix, which all have, and what the crawl knows of them.
func WriteCells(w io.Writer, cells []dhtcore.CrawlCell, prefix []byte) error {
	text := []byte("prefix,nodes,asked,speaking,hashes\n")
	for i := range cells {
		c := &cells[i]
		text = hex.AppendEncode(text, append(slices.Clip(prefix), byte(i)))
		text = fmt.Appendf(text, ",%d,%d,%d,%d\n", c.Nodes, c.Asked, c.Speaking, c.Hashes)
	}
	_, err := w.Write(text)
	return err
}
