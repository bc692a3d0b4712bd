//go:build ignore

// Each program of this folder is one file: this one is not built with the others.

// Command soak runs a dhtop node on the network of another dhtop, samples what the node holds, and fails if that grows. It
// prints a line a sample, and at the end the slope of each figure by least squares, over the samples after the warm-up.
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// figure is a number that must not grow.
type figure struct {
	name string
	unit string
	most float64 // rise over all samples that is none yet: what fills up slowly, some of it for hours
	of   func(*node) (float64, error)
	all  []float64
}

// node is the dhtop that is measured.
type node struct {
	pid int
	api string // base URL
}

func main() {
	program := flag.String("program", "dhtop", "the dhtop to measure")
	dir := flag.String("dir", os.TempDir(), "where the node keeps its data")
	length := flag.Duration("for", 30*time.Minute, "how long the node runs")
	every := flag.Duration("every", 10*time.Second, "how often it is sampled")
	warm := flag.Duration("warm", 0, "how long it may grow first; 0 for a third of the time")
	nodes := flag.Int("nodes", 2000, "nodes of the network")
	flag.Parse()
	if *warm == 0 {
		*warm = *length / 3
	}
	if err := soak(*program, *dir, *length, *every, *warm, *nodes); err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

func soak(program, dir string, length, every, warm time.Duration, nodes int) error {
	ctx, cancel := context.WithTimeout(context.Background(), length+time.Minute)
	defer cancel()
	port, err := freePort()
	if err != nil {
		return err
	}
	network, err := start(ctx, program, dir, "network", "serve", "--demo", "--demo-nodes", strconv.Itoa(nodes), "--port", strconv.Itoa(port),
		"--quiet", "--http", "none")
	if err != nil {
		return err
	}
	defer end(network)
	time.Sleep(5 * time.Second) // until its nodes know each other
	at, err := freePort()
	if err != nil {
		return err
	}
	n := node{api: fmt.Sprintf("http://127.0.0.1:%d", at)}
	cmd, err := start(ctx, program, dir, "node", "serve", "--crawl", "--bind", "127.0.0.1", "--port", "0", "--no-ipv6",
		"--bootstrap", fmt.Sprintf("127.0.0.1:%d", port), "--data", filepath.Join(dir, "data"), "--http", strings.TrimPrefix(n.api, "http://"),
		"--rate", "0", "--rate-bytes", "0", "--rate-new", "0", "--inbound-rate", "0", "--inbound-per-ip", "0", "--names", "top:50")
	if err != nil {
		return err
	}
	n.pid = cmd.Process.Pid
	figures := []figure{
		{name: "RSS", unit: "MiB", most: 8, of: (*node).rss},
		{name: "heap", unit: "MiB", most: 8, of: func(n *node) (float64, error) {
			b, err := n.metric("go_memstats_heap_alloc_bytes")
			return b / (1 << 20), err
		}},
		{name: "goroutines", unit: "", most: 10, of: func(n *node) (float64, error) { return n.metric("go_goroutines") }},
		{name: "files", unit: "", most: 4, of: (*node).files},
	}
	times, err := sample(cmd, &n, figures, length, every)
	if err != nil {
		return err
	}
	began := time.Now()
	if err := end(cmd); err != nil {
		return fmt.Errorf("it does not end well: %w", err)
	}
	fmt.Printf("it ended %d ms after SIGTERM\n", time.Since(began).Milliseconds())
	return judge(figures, times, warm)
}

// sample prints the figures of the node every so often.
func sample(cmd *exec.Cmd, n *node, figures []figure, length, every time.Duration) (times []time.Duration, err error) {
	died := make(chan error, 1)
	go func() { died <- waitFor(cmd.Process.Pid) }()
	began := time.Now()
	tick := time.NewTicker(every)
	defer tick.Stop()
	for now := time.Duration(0); now < length; {
		select {
		case <-died:
			return nil, fmt.Errorf("the node died after %s: its log is in the directory of its data", now)
		case <-tick.C:
		}
		now = time.Since(began)
		times = append(times, now)
		fmt.Printf("%7.0fs", now.Seconds())
		for i := range figures {
			f := &figures[i]
			v, err := f.of(n)
			if err != nil {
				return nil, fmt.Errorf("%s after %s: %w", f.name, now, err)
			}
			f.all = append(f.all, v)
			fmt.Printf("  %s %.1f %s", f.name, v, f.unit)
		}
		fmt.Println()
	}
	return times, nil
}

// judge prints the slopes, and returns which figures grow.
func judge(figures []figure, times []time.Duration, warm time.Duration) error {
	from := 0
	for from < len(times) && times[from] < warm {
		from++
	}
	if len(times)-from < 3 {
		return fmt.Errorf("only %d samples after the warm-up of %s: let it run for longer", len(times)-from, warm)
	}
	var grows []string
	for _, f := range figures {
		slope, sure := line(times[from:], f.all[from:])
		rise := slope * (times[len(times)-1] - times[from]).Hours()
		verdict := "ok"
		if rise > f.most && slope > 2*sure { // more than its own scatter explains
			verdict = "GROWS"
			grows = append(grows, f.name)
		}
		fmt.Printf("%-10s %8.1f at the end; %+.1f ± %.1f %s an hour, %+.1f over the samples, of at most %g: %s\n",
			f.name, f.all[len(f.all)-1], slope, sure, f.unit, rise, f.most, verdict)
	}
	if grows != nil {
		return fmt.Errorf("what grows: %s", strings.Join(grows, ", "))
	}
	return nil
}

// line returns the slope an hour of the least-squares line through the samples, and its standard error.
func line(times []time.Duration, values []float64) (slope, sure float64) {
	n := float64(len(times))
	var meanX, meanY float64
	for i := range times {
		meanX += times[i].Hours() / n
		meanY += values[i] / n
	}
	var xx, xy float64
	for i := range times {
		dx := times[i].Hours() - meanX
		xx += dx * dx
		xy += dx * (values[i] - meanY)
	}
	slope = xy / xx
	var rest float64
	for i := range times {
		d := values[i] - meanY - slope*(times[i].Hours()-meanX)
		rest += d * d
	}
	return slope, math.Sqrt(rest / max(1, n-2) / xx)
}

// rss is the resident memory of the node, in MiB.
func (n *node) rss() (float64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", n.pid))
	if err != nil {
		return 0, err
	}
	for text := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(text, "VmRSS:"); ok {
			kib, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 64)
			return kib / 1024, err
		}
	}
	return 0, fmt.Errorf("no VmRSS in /proc/%d/status", n.pid)
}

// files is how many file descriptors the node has open.
func (n *node) files() (float64, error) {
	entries, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", n.pid))
	return float64(len(entries)), err
}

// metric returns a metric of the node.
func (n *node) metric(name string) (float64, error) {
	client := http.Client{Timeout: 30 * time.Second} // a busy machine is no fault of the node
	defer client.CloseIdleConnections()
	r, err := client.Get(n.api + "/metrics")
	if err != nil {
		return 0, err
	}
	defer r.Body.Close()
	lines := bufio.NewScanner(r.Body)
	for lines.Scan() {
		if rest, ok := strings.CutPrefix(lines.Text(), name+" "); ok {
			io.Copy(io.Discard, r.Body)
			return strconv.ParseFloat(rest, 64)
		}
	}
	if err := lines.Err(); err != nil {
		return 0, fmt.Errorf("/metrics broke off: %w", err)
	}
	return 0, fmt.Errorf("/metrics has no %s", name)
}

// start starts a dhtop whose log goes to a file.
func start(ctx context.Context, program, dir, name string, args ...string) (*exec.Cmd, error) {
	log, err := os.Create(filepath.Join(dir, name+".log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Stdout, cmd.Stderr = log, log
	return cmd, cmd.Start()
}

// end asks a process to end and waits for it.
func end(cmd *exec.Cmd) error {
	cmd.Process.Signal(syscall.SIGTERM)
	return cmd.Wait()
}

// waitFor returns when a process is gone, or a zombie.
func waitFor(pid int) error {
	for {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil || strings.Contains(string(b), ") Z ") {
			return err
		}
		time.Sleep(time.Second)
	}
}

// freePort returns a port on loopback that nobody uses.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
