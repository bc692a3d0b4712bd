package node_test

import (
	"bufio"
	"context"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// benchServe is set in the process that answers the queries of BenchmarkQuery.
const benchServe = "DHTOP_BENCH_SERVE"

func TestMain(m *testing.M) {
	if os.Getenv(benchServe) != "" {
		serveForBenchmark()
		return
	}
	os.Exit(m.Run())
}

// serveForBenchmark is the other end of BenchmarkQuery, in a process of its own so that its work is not
// counted.
func serveForBenchmark() {
	conn, err := node.Listen(netip.MustParseAddrPort("127.0.0.1:0"), 64)
	if err != nil {
		panic(err)
	}
	n := node.New(node.Config{ID: wire.RandomID(), Conn: conn, Batch: 64})
	for i := range 200 {
		n.Vouch([]wire.Contact{{ID: wire.RandomID(), Addr: netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 9, 9, byte(i)}), 6881)}})
	}
	fmt.Println("serving", n.Addr())
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	go func() {
		bufio.NewReader(os.Stdin).ReadByte() //nolint:errcheck // its end is what counts
		cancel()
	}()
	n.Run(ctx) //nolint:errcheck // ends with the benchmark
}

// serveElsewhere starts the other end and returns where it listens.
func serveElsewhere(b *testing.B) wire.Contact {
	b.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), benchServe+"=1", "GOMAXPROCS=1")
	stdin, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		stdin.Close()
		cmd.Wait() //nolint:errcheck // ended by us
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return wire.Contact{Addr: netip.MustParseAddrPort(strings.TrimSpace(strings.TrimPrefix(line, "serving ")))}
}

// BenchmarkQuery is our own get_peers queries, 64 at once, through governor, transactions and table.
func BenchmarkQuery(b *testing.B) {
	to := serveElsewhere(b)
	conn, err := node.Listen(netip.MustParseAddrPort("127.0.0.1:0"), 64)
	if err != nil {
		b.Fatal(err)
	}
	us := node.New(node.Config{ID: wire.RandomID(), Conn: conn, Batch: 64})
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { us.Run(ctx) }) //nolint:errcheck // ends with the benchmark
	defer running.Wait()
	defer cancel()
	if reply, err := us.Ping(ctx, to); err != nil {
		b.Fatal(err)
	} else {
		to.ID = reply.From.ID
	}
	target := wire.RandomID()
	b.ReportAllocs()
	b.ResetTimer()
	began := cpuTime()
	var askers sync.WaitGroup
	queries := make(chan struct{}, 1024)
	for range 64 {
		askers.Go(func() {
			for range queries {
				if _, err := us.Query(ctx, to, wire.Query{Method: wire.GetPeers, Target: target}); err != nil {
					b.Error(err)
				}
			}
		})
	}
	for range b.N {
		queries <- struct{}{}
	}
	close(queries)
	askers.Wait()
	b.ReportMetric(float64(b.N)/(cpuTime()-began).Seconds(), "answers/cpu-s")
}
