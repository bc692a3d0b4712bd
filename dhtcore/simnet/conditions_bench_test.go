package simnet

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"
)

// BenchmarkConditions measures lookups of peers under conditions B over real UDP: ours, and those of
// anacrolix/dht side by side, on one network, after the same warm-up and for the same swarms. It takes
// some four minutes; run it on an idle machine.
func BenchmarkConditions(b *testing.B) {
	f := openField(b)
	for _, contender := range []struct {
		name string
		open func() client
	}{
		{"dhtop", func() client { return newOurClient(b) }},
		{"anacrolix", func() client { return newAnacrolixClient(b) }},
	} {
		b.Run(contender.name, func(b *testing.B) {
			c := contender.open()
			defer c.close()
			f.warm(b, c)
			var all outcomes
			for round := 0; b.Loop(); round++ {
				all = append(all, f.measure(b, c, f.swarms(round))...)
			}
			all.report(b)
		})
	}
}

// outcome is what one lookup brought.
type outcome struct {
	size                  int           // of the swarm
	first, last, complete time.Duration // first peer, last new peer, and when the client took it for done
	queries               int           // that reached a node, dead ones too
	closest               int           // of the 8 closest live nodes that were asked
	recall                float64       // share of the swarm that was found
}

type outcomes []outcome

// of returns the outcomes for swarms of the sizes.
func (os outcomes) of(sizes ...int) (some outcomes) {
	for _, o := range os {
		if slices.Contains(sizes, o.size) {
			some = append(some, o)
		}
	}
	return some
}

// quantile is the value that a share p of the outcomes does not exceed.
func (os outcomes) quantile(p float64, of func(outcome) float64) float64 {
	values := make([]float64, len(os))
	for i, o := range os {
		values[i] = of(o)
	}
	slices.Sort(values)
	return values[int(p*float64(len(values)-1)+0.5)]
}

func (os outcomes) mean(of func(outcome) float64) (mean float64) {
	for _, o := range os {
		mean += of(o) / float64(len(os))
	}
	return mean
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
func (o outcome) firstMS() float64         { return milliseconds(o.first) }
func (o outcome) lastMS() float64          { return milliseconds(o.last) }
func (o outcome) completeMS() float64      { return milliseconds(o.complete) }
func (o outcome) asked() float64           { return float64(o.queries) }
func (o outcome) reached() float64         { return float64(o.closest) }
func (o outcome) share() float64           { return o.recall }

// report gives the figures that the targets speak of, and a table by size of swarm.
func (os outcomes) report(b *testing.B) {
	b.Helper()
	small, large := os.of(5, 50), os.of(300)
	b.ReportMetric(0, "ns/op") // of a round, which says nothing
	b.ReportMetric(os.quantile(0.5, outcome.firstMS), "first-p50-ms")
	b.ReportMetric(os.quantile(0.9, outcome.firstMS), "first-p90-ms")
	b.ReportMetric(small.quantile(0.5, outcome.lastMS), "last-p50-ms")
	b.ReportMetric(os.quantile(0.5, outcome.completeMS), "complete-p50-ms")
	b.ReportMetric(os.quantile(0.9, outcome.completeMS), "complete-p90-ms")
	b.ReportMetric(os.quantile(0.5, outcome.asked), "queries-p50")
	b.ReportMetric(os.mean(outcome.reached), "closest8")
	b.ReportMetric(large.mean(outcome.share), "recall300")

	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "swarm\tfirst p50/p90\tlast new p50\tcomplete p50/p90\tqueries p50\tclosest 8\trecall\t")
	row := func(name string, os outcomes) {
		fmt.Fprintf(w, "%s\t%.0f / %.0f ms\t%.0f ms\t%.2f / %.2f s\t%.0f\t%.2f\t%.3f\t\n", name,
			os.quantile(0.5, outcome.firstMS), os.quantile(0.9, outcome.firstMS), os.quantile(0.5, outcome.lastMS),
			os.quantile(0.5, outcome.completeMS)/1000, os.quantile(0.9, outcome.completeMS)/1000,
			os.quantile(0.5, outcome.asked), os.mean(outcome.reached), os.mean(outcome.share))
	}
	for _, size := range swarmSizes {
		row(fmt.Sprint(size), os.of(size))
	}
	row("all", os)
	w.Flush() //nolint:errcheck // a Builder takes everything
	b.Logf("%d lookups\n%s", len(os), table.String())
}
