package metrics

import (
	"bytes"
	"io"
	"strings"

	victoria "github.com/VictoriaMetrics/metrics"
)

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
	victoria.WriteProcessMetrics(&all)
	victoria.WriteFDMetrics(&all)
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
