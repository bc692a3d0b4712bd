// Package metrics writes a Snapshot in the text format of Prometheus.
//
// A metric is a row of the table of its subject, one a file, and a function that reads its samples off the Snapshot.
// ui/api answers /metrics with them. What others send makes no label, so that there are never more than a few hundred
// series.
package metrics

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	victoria "github.com/VictoriaMetrics/metrics"

	"dhtop/dhtcore"
)

// Media is the text format of Prometheus.
const Media = "text/plain; version=0.0.4; charset=utf-8"

// metric is a row of the table of metrics: a family with its name and what it measures, and what reads its samples off a
// Snapshot. The values of its labels are words of ours, so that there are never more than a few of them.
type metric struct {
	name, help string
	kind       string // counter, gauge or histogram
	read       func(s *dhtcore.Snapshot, w *sampleWriter)
}

// sampleWriter writes the samples of one family.
type sampleWriter struct {
	to   *bufio.Writer
	name string
}

// put writes a sample. labels are names and values in turn.
func (w *sampleWriter) put(value float64, labels ...string) { w.putAs("", value, labels...) }

// putAs is put with a suffix of the name, of those that histograms have.
func (w *sampleWriter) putAs(suffix string, value float64, labels ...string) {
	var b strings.Builder
	b.WriteString(w.name + suffix)
	for i := 0; i < len(labels); i += 2 {
		separator := byte(',')
		if i == 0 {
			separator = '{'
		}
		b.WriteByte(separator)
		b.WriteString(labels[i] + "=" + strconv.Quote(labels[i+1]))
	}
	if len(labels) > 0 {
		b.WriteByte('}')
	}
	victoria.WriteGaugeFloat64(w.to, b.String(), value)
}

// Write writes all metrics of a Snapshot in the text format of Prometheus, subject by subject.
func Write(to io.Writer, s *dhtcore.Snapshot) error {
	b := bufio.NewWriter(to)
	table := slices.Concat(nodeMetrics, trafficMetrics, hashMetrics, trackerMetrics, watchMetrics)
	for i := range table {
		m := &table[i]
		writeHead(b, m.name, m.help, m.kind)
		m.read(s, &sampleWriter{b, m.name})
	}
	writeProcess(b)
	return b.Flush()
}

func writeHead(w io.Writer, name, help, kind string) {
	fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}
