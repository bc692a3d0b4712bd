package cli_test

import (
	"bytes"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"dhtop/dhtcore/needs"
	"dhtop/dhtcore/wire"
)

// BenchmarkOfferedLoad measures what "dhtop serve" answers of the queries that it is offered, whether it can answer them or
// not. The generator has the first core. The node has the second one alone ("one"), or all that there are ("all"): where there
// are two, it shares the first with the generator. Run it on an idle machine: .ci/bench OfferedLoad ./ui/cli -benchtime 1x
func BenchmarkOfferedLoad(b *testing.B) {
	needs.Program(b, "taskset", "util-linux")
	needs.That(b, runtime.NumCPU() > 1, "a second core")
	dhtop, err := build()
	if err != nil {
		b.Fatal(err)
	}
	defer pinThreads(b, 0)()
	for _, c := range []struct{ name, cores string }{{"one", "1"}, {"all", fmt.Sprintf("0-%d", runtime.NumCPU()-1)}} {
		b.Run(c.name, func(b *testing.B) {
			to := netip.MustParseAddrPort("127.0.0.1:26881")
			server := exec.Command("taskset", "-c", c.cores, dhtop, "serve", "--bind", to.Addr().String(), "--port", strconv.Itoa(int(to.Port())), "--no-ipv6",
				"--bootstrap", "none", "--inbound-rate", "0", "--inbound-per-ip", "0", "--store", "none", "--http", "none", "--port-map", "off", "--quiet", "--data", b.TempDir())
			var said bytes.Buffer
			server.Stdout, server.Stderr = &said, &said
			if err := server.Start(); err != nil {
				b.Fatal(err)
			}
			defer func() {
				server.Process.Signal(unix.SIGTERM) //nolint:errcheck // it has ended, then
				server.Wait()                       //nolint:errcheck // it was us
			}()
			g, err := newGenerator(to)
			if err != nil {
				b.Fatal(err)
			}
			defer g.close()
			if !g.introduce(20 * time.Second) {
				b.Fatalf("the node knows too few others to answer with 8: %s", &said)
			}
			for _, rate := range []int{10, 20, 50, 100, 150, 200, 300, 400} {
				b.Run(fmt.Sprintf("%dk", rate), func(b *testing.B) { offer(b, g, server.Process.Pid, float64(rate)*1000) })
			}
		})
	}
}

// offeredFor is how long each rate is offered.
const offeredFor = 2 * time.Second

// offer offers a rate, and reports what came of it. Latencies are counted from when a query was due, so that one that the
// generator sent late counts as late.
func offer(b *testing.B, g *generator, pid int, rate float64) {
	for b.Loop() {
		cpu := processorTime(b, pid)
		g.run(rate, offeredFor)
		cpu = processorTime(b, pid) - cpu
		answered := len(g.latency)
		if answered == 0 || g.errors > 0 {
			b.Fatalf("%d answers, %d errors", answered, g.errors)
		}
		seconds := offeredFor.Seconds()
		slices.Sort(g.latency)
		slices.Sort(g.late)
		b.ReportMetric(0, "ns/op") // says nothing
		b.ReportMetric(float64(g.sent)/seconds, "sent/s")
		b.ReportMetric(float64(answered)/seconds, "answered/s")
		b.ReportMetric(100*float64(answered)/float64(g.sent), "answered-%")
		b.ReportMetric(float64(answered)/cpu.Seconds(), "answers/cpu-s")
		b.ReportMetric(cpu.Seconds()/seconds, "cores")
		b.ReportMetric(ms(g.late, 0.99), "sent-late-p99-ms")
		b.ReportMetric(ms(g.latency, 0.5), "p50-ms")
		b.ReportMetric(ms(g.latency, 0.99), "p99-ms")
		b.ReportMetric(ms(g.latency, 0.999), "p99.9-ms")
	}
}

// ms is a quantile of sorted times, in milliseconds.
func ms(sorted []time.Duration, p float64) float64 {
	return sorted[int(p*float64(len(sorted)-1))].Seconds() * 1000
}

// introduce has the node know the sources, so that it has 8 to answer with, and fetches their tokens. It reports whether it did
// within limit.
func (g *generator) introduce(limit time.Duration) bool {
	var tokens int
	for end := time.Now().Add(limit); time.Now().Before(end) && (g.nodes < 8 || tokens < loadSources); {
		tokens = 0
		for _, s := range g.sources {
			q := wire.AppendQuery(nil, s.id, []byte("aa"), false, &wire.Query{Method: wire.GetPeers, Target: s.id})
			unix.Sendto(s.fd, q, 0, &unix.SockaddrInet4{Addr: g.to.Addr, Port: int(g.to.Port>>8 | g.to.Port<<8)}) //nolint:errcheck // once more, then
			if s.token != nil {
				tokens++
			}
		}
		for pause := time.Now().Add(100 * time.Millisecond); time.Now().Before(pause); {
			g.receive()
		}
	}
	return g.nodes >= 8 && tokens == loadSources
}

// pinThreads keeps this process to a core until the function that it returns is called.
func pinThreads(b *testing.B, core int) (undo func()) {
	var all, one unix.CPUSet
	if err := unix.SchedGetaffinity(0, &all); err != nil {
		b.Fatal(err)
	}
	one.Set(core)
	set := func(cores *unix.CPUSet) {
		threads, _ := filepath.Glob("/proc/self/task/*")
		for _, t := range threads {
			if id, err := strconv.Atoi(filepath.Base(t)); err == nil {
				unix.SchedSetaffinity(id, cores) //nolint:errcheck // the thread may have ended
			}
		}
	}
	set(&one)
	return func() { set(&all) }
}

// processorTime is the CPU time that a process has used, in user space and in the system.
func processorTime(b *testing.B, pid int) (used time.Duration) {
	b.Helper()
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil || len(threads) == 0 {
		b.Fatalf("process %d is gone", pid)
	}
	for _, name := range threads {
		text, _ := os.ReadFile(name) // a thread may have ended
		if ns, err := strconv.ParseInt(strings.SplitN(string(text)+" ", " ", 2)[0], 10, 64); err == nil {
			used += time.Duration(ns)
		}
	}
	return used
}
