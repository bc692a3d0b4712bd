package api

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/VictoriaMetrics/metrics"

	"dhtop/dhtcore"
)

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
	metrics.WriteGaugeFloat64(w.to, b.String(), value)
}

// writeMetrics writes all metrics of a Snapshot in the text format of Prometheus.
func writeMetrics(to io.Writer, table []metric, s *dhtcore.Snapshot) error {
	b := bufio.NewWriter(to)
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

// processMetrics are those of the library about this process that are shown, with what it does not say of them. Some
// systems lack some of them.
var processMetrics = []metric{
	{name: "process_cpu_seconds_total", help: "CPU time of this process.", kind: "counter"},
	{name: "process_resident_memory_bytes", help: "Memory of this process that is in RAM.", kind: "gauge"},
	{name: "process_virtual_memory_bytes", help: "Address space of this process.", kind: "gauge"},
	{name: "process_start_time_seconds", help: "When this process started, since 1970.", kind: "gauge"},
	{name: "process_open_fds", help: "Open file descriptors.", kind: "gauge"},
	{name: "process_max_fds", help: "File descriptors that may be open.", kind: "gauge"},
	{name: "go_goroutines", help: "Goroutines.", kind: "gauge"},
	{name: "go_memstats_heap_alloc_bytes", help: "Memory of the heap in use.", kind: "gauge"},
	{name: "go_memstats_heap_sys_bytes", help: "Memory of the heap, in use or free.", kind: "gauge"},
	{name: "go_memstats_alloc_bytes_total", help: "Memory that was ever allocated.", kind: "counter"},
}

// writeProcess writes the metrics of this process.
func writeProcess(w io.Writer) {
	var all bytes.Buffer
	metrics.WriteProcessMetrics(&all)
	metrics.WriteFDMetrics(&all)
	for line := range strings.Lines(all.String()) {
		name, _, _ := strings.Cut(line, " ")
		for i := range processMetrics {
			if m := &processMetrics[i]; m.name == name {
				writeHead(w, m.name, m.help, m.kind)
				io.WriteString(w, line) //nolint:errcheck // as above
			}
		}
	}
}
