package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"dhtop/dhtcore"
	"dhtop/dhtcore/filter"
)

// addFilter defines --filter.
func addFilter(f *pflag.FlagSet) {
	f.String("filter", "", "Print only hashes that pass `FILTER`, such as 'req>10 seen<1h name~ubuntu'; see dhtop man")
}

// hashFilter picks hashes by --filter.
type hashFilter struct {
	*dhtcore.HashFilter // nil for all
	row                 dhtcore.RankedHash
	buf                 []byte
}

func readFilter(v values) (*hashFilter, error) {
	f, err := dhtcore.ParseHashFilter(v.string("filter"))
	if err != nil {
		return nil, fmt.Errorf("--filter: %w", err)
	}
	return &hashFilter{HashFilter: f}, nil
}

// all reports whether all hashes pass.
func (f *hashFilter) all() bool { return f.HashFilter == nil }

// passes reports whether a row passes now.
func (f *hashFilter) passes(row *dhtcore.HashRow) bool {
	if f.all() {
		return true
	}
	f.row.HashRow, f.row.At = row, time.Now()
	return f.Match(&f.row, &f.buf)
}

// crawlFilter picks the events of a crawl by --filter: those about hashes that pass at that moment.
type crawlFilter struct {
	*hashFilter
	rowOf func(dhtcore.ID) (dhtcore.HashRow, bool)
	found map[dhtcore.ID]bool // the hashes that have passed; nil where all do
}

func newCrawlFilter(f *hashFilter, rowOf func(dhtcore.ID) (dhtcore.HashRow, bool)) *crawlFilter {
	c := &crawlFilter{hashFilter: f, rowOf: rowOf}
	if !f.all() {
		c.found = map[dhtcore.ID]bool{}
	}
	return c
}

// about reports whether to tell of an event: always where it is about no hash.
func (c *crawlFilter) about(e *dhtcore.Event) bool {
	if c.all() || e.Hash.Zero() {
		return true
	}
	row, known := c.rowOf(e.Hash)
	if !known {
		row = dhtcore.HashRow{InfoHash: e.Hash, FirstSeen: e.At, LastSeen: e.At}
	}
	return c.passes(&row)
}

// finds reports whether an event is the first with which its hash passes: with a filter that may be long after its
// discovery, when it has been asked for often enough, or is named.
func (c *crawlFilter) finds(e *dhtcore.Event) bool {
	switch {
	case c.all():
		return e.Kind == dhtcore.Discovered
	case e.Hash.Zero() || c.found[e.Hash] || !c.about(e):
		return false
	}
	c.found[e.Hash] = true
	return true
}

// completeFilter completes the last term of a filter.
func completeFilter(_ *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
	c := filter.Complete(begun, dhtcore.HashColumns.Fields())
	for i := range c.Options {
		c.Options[i] = begun[:c.From] + c.Options[i]
	}
	return c.Options, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}
