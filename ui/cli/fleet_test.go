package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore/needs"
	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

// mostUnsaved is what a crawler that is killed may lose.
const mostUnsaved = 2 * time.Second

// mostUnsaid is how many sightings a crawler may store before it tells of them, which it does 50 ms later: some
// answers with 20 samples. A row that is counted twice is one of hundreds.
const mostUnsaid = 100

// crawlers is how many share the database.
const crawlers = 4

func TestFourCrawlersAddUpThroughAKillAndAnOutage(t *testing.T) {
	t.Parallel()
	database := needs.OpenPostgres(t)
	fleet := openFleet(t, database.URL("postgres"))
	fleet.each(func(c *crawler) { c.awaitHealth(t, "ok", "") })
	fleet.awaitMore(t, 30)
	early := export(t, database.URL("postgres"))

	killed, others := fleet[0], fleet[1:]
	fleet[:1].awaitMore(t, rand.IntN(50))
	killedAt := killed.kill(t)
	others.awaitMore(t, 10)
	killed.start(t)

	if err := database.Stop(); err != nil {
		t.Fatal(err)
	}
	fleet.each(func(c *crawler) { c.awaitHealth(t, "degraded", "check that it runs and can be reached") })
	fleet.awaitMore(t, 20)
	if err := database.Start(); err != nil {
		t.Fatal(err)
	}
	fleet.each(func(c *crawler) { c.awaitHealth(t, "ok", "") })
	fleet.awaitMore(t, 10)
	fleet.each(func(c *crawler) { c.stop(t) })

	all := export(t, database.URL("postgres"))
	all.wantSums(t)
	all.wantNoLessThan(t, early)
	parts := all.byOrigin()
	if len(parts) != crawlers {
		t.Fatalf("the fleet's counts are those of %v; want %d crawlers", slices.Collect(maps.Keys(parts)), crawlers)
	}
	for i, c := range fleet {
		origin, own := c.kept(t)
		if !maps.Equal(parts[origin], own) {
			t.Errorf("crawler %d, %s: the fleet has %v of it; it has %v itself", i, origin, sum(parts[origin]), sum(own))
		}
		if c == killed {
			c.wantNothingLostBefore(t, killedAt, sum(own))
		} else {
			c.wantAll(t, own)
		}
	}
}

// fleet are crawlers of one network that share a database.
type fleet []*crawler

// openFleet starts the crawlers, and then a network of nodes that ask them for hashes.
func openFleet(t *testing.T, url string) (f fleet) {
	t.Helper()
	network, err := testnet.Loopback(testnet.Config{Nodes: 60, Seed: 5, SampleInterval: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	for i := range crawlers {
		c := &crawler{listen: freeAddrOn(t, loopback(i)), dir: t.TempDir(), http: "127.0.0.1:" + freePort(t), store: url}
		c.start(t)
		network.Include(wire.Contact{ID: identity(t, c.listen), Addr: netip.MustParseAddrPort(c.listen)})
		f = append(f, c)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		network.Run(ctx, testnet.DefaultDemand())
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
	})
	return f
}

func (f fleet) each(do func(*crawler)) {
	for _, c := range f {
		do(c)
	}
}

// awaitMore waits until each has got n more requests.
func (f fleet) awaitMore(t *testing.T, n int) {
	t.Helper()
	before := make([]int, len(f))
	for i, c := range f {
		before[i] = len(c.seen("requested", ""))
	}
	for i, c := range f {
		eventually(t, fmt.Sprintf("%d more requests to %s", n, c.listen), func() bool { return len(c.seen("requested", "")) >= before[i]+n })
	}
}

// identity returns the ID with which a node answers a ping.
func identity(t *testing.T, addr string) (id wire.ID) {
	t.Helper()
	conn, err := net.Dial("udp4", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(patience)) //nolint:errcheck // Read tells
	buffer := make([]byte, 1500)
	if _, err = conn.Write([]byte(pingQuery)); err == nil {
		_, err = conn.Read(buffer)
	}
	_, after, found := bytes.Cut(buffer, []byte("2:id20:"))
	if err != nil || !found {
		t.Fatalf("a ping of %s: %q, %v", addr, buffer, err)
	}
	copy(id[:], after)
	return id
}

// crawler is a "dhtop serve --crawl" that can be started again.
type crawler struct {
	*server
	listen, dir, http, store string
	earlier                  []streamed // what the runs before this one said
}

func (c *crawler) start(t *testing.T) {
	t.Helper()
	c.server = serveAt(t, c.listen, "--crawl", "--data", c.dir, "--store", c.store, "--http", c.http)
}

// kill ends the crawler without a warning, and returns when.
func (c *crawler) kill(t *testing.T) time.Time {
	t.Helper()
	if err := c.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	at := time.Now()
	<-c.ended //nolint:errcheck // it was killed
	c.earlier = append(c.earlier, c.said()...)
	return at
}

// said returns what this run of the crawler has said so far.
func (c *crawler) said() []streamed {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.events)
}

// awaitHealth waits until /healthz tells the status and, if it is not "", the problem.
func (c *crawler) awaitHealth(t *testing.T, status, problem string) {
	t.Helper()
	var health struct {
		Status   string   `json:"status"`
		Problems []string `json:"problems"`
	}
	eventually(t, fmt.Sprintf("status %s in /healthz of %s", status, c.listen), func() bool {
		response, err := http.Get("http://" + c.http + "/healthz") //nolint:noctx // the test's own patience ends it
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		if err := json.NewDecoder(response.Body).Decode(&health); err != nil || response.StatusCode != http.StatusOK {
			t.Fatalf("/healthz: %s, %v", response.Status, err)
		}
		return health.Status == status && strings.Contains(strings.Join(health.Problems, "\n"), problem)
	})
}

// kept returns under which name the crawler counts, and what is in its own file.
func (c *crawler) kept(t *testing.T) (origin string, own map[string]counts) {
	t.Helper()
	parts := export(t, "sqlite:"+filepath.Join(c.dir, "dhtop.db")).byOrigin()
	if len(parts) != 1 {
		t.Fatalf("the crawler's own file has the counts of %v", slices.Collect(maps.Keys(parts)))
	}
	for origin, own = range parts {
	}
	return origin, own
}

// wantAll checks that the crawler has kept every sighting that it has told of, and no other.
func (c *crawler) wantAll(t *testing.T, own map[string]counts) {
	t.Helper()
	told := make(map[string]counts)
	var samples uint64
	for _, e := range c.said() {
		n := told[e.InfoHash]
		switch e.Kind {
		case "requested":
			n.RawRequests++
		case "announced":
			n.Announces++
		case "sampled":
			samples += e.Hashes
			continue
		default:
			continue
		}
		told[e.InfoHash] = n
	}
	for hash, n := range own {
		if want := told[hash]; n.RawRequests+n.Maintenance != want.RawRequests || n.Announces != want.Announces || n.Requests > n.RawRequests {
			t.Errorf("crawler at %s: %s has %+v; the events say %+v", c.listen, hash, n, want)
		}
		delete(told, hash)
	}
	if len(told) > 0 || sum(own).Samples != samples || samples == 0 {
		t.Errorf("crawler at %s: %d hashes of the events are not kept, and %d samples of %d", c.listen, len(told), sum(own).Samples, samples)
	}
}

// wantNothingLostBefore checks that a crawler that was killed lacks no sighting that was older than what
// waits for the store, and has none twice.
func (c *crawler) wantNothingLostBefore(t *testing.T, killedAt time.Time, own counts) {
	t.Helper()
	var least, most uint64
	for _, e := range append(c.earlier, c.said()...) {
		age := killedAt.Sub(e.At) // negative in the second run
		n := e.sightings()
		if most += n; age > mostUnsaved || age < 0 {
			least += n
		}
	}
	most += mostUnsaid
	if kept := own.sightings(); kept < least || kept > most {
		t.Errorf("the crawler that was killed has kept %d sightings; want %d to %d", kept, least, most)
	} else {
		t.Logf("the crawler that was killed has kept %d sightings of %d to %d", kept, least, most)
	}
}

// sightings returns how many sightings an event tells of.
func (e *streamed) sightings() uint64 {
	switch e.Kind {
	case "requested", "announced":
		return 1
	case "sampled":
		return e.Hashes
	}
	return 0
}

// counts are those of one hash, or of several.
type counts struct {
	Requests    uint64 `json:"requests"`
	RawRequests uint64 `json:"raw_requests"`
	Maintenance uint64 `json:"maintenance"`
	Announces   uint64 `json:"announces"`
	Samples     uint64 `json:"samples"`
}

func (c counts) plus(d counts) counts {
	return counts{c.Requests + d.Requests, c.RawRequests + d.RawRequests, c.Maintenance + d.Maintenance, c.Announces + d.Announces, c.Samples + d.Samples}
}

func (c counts) sightings() uint64 { return c.RawRequests + c.Maintenance + c.Announces + c.Samples }

func sum(of map[string]counts) (total counts) {
	for _, c := range of {
		total = total.plus(c)
	}
	return total
}

// exported are the rows of an export.
type exported []struct {
	counts          // of all
	InfoHash string `json:"info_hash"`
	Sources  uint64 `json:"sources"`
	Origins  []struct {
		counts
		Origin  string `json:"origin"`
		Sources uint64 `json:"sources"`
	} `json:"origins"`
}

func export(t *testing.T, store string) (rows exported) {
	t.Helper()
	out := runProgram(t, "export", "--store", store, "--limit", "0", "--format", "json", "--data", t.TempDir())
	if err := json.Unmarshal(out, &rows); err != nil {
		t.Fatal(err)
	}
	return rows
}

// byOrigin returns what each store counted, by its name and by hash.
func (rows exported) byOrigin() map[string]map[string]counts {
	parts := make(map[string]map[string]counts)
	for _, r := range rows {
		for _, o := range r.Origins {
			if parts[o.Origin] == nil {
				parts[o.Origin] = make(map[string]counts)
			}
			parts[o.Origin][r.InfoHash] = o.counts
		}
	}
	return parts
}

// wantSums checks that every row is the sum of its parts, and that some have one of every crawler.
func (rows exported) wantSums(t *testing.T) {
	t.Helper()
	shared := 0
	for _, r := range rows {
		var total counts
		var most, all uint64 // of the sources, whom the crawlers may have in common
		for _, o := range r.Origins {
			total = total.plus(o.counts)
			most, all = max(most, o.Sources), all+o.Sources
		}
		if total != r.counts || r.Sources < most || r.Sources > all {
			t.Errorf("%s has %+v and %d sources; its parts have %+v and %d to %d", r.InfoHash, r.counts, r.Sources, total, most, all)
		}
		if len(r.Origins) == crawlers {
			shared++
		}
	}
	if shared == 0 {
		t.Errorf("none of %d hashes was counted by all %d crawlers", len(rows), crawlers)
	}
	t.Logf("%d hashes, %d of them counted by all %d crawlers", len(rows), shared, crawlers)
}

// wantNoLessThan checks that no count has fallen.
func (rows exported) wantNoLessThan(t *testing.T, early exported) {
	t.Helper()
	later := rows.byOrigin()
	for origin, hashes := range early.byOrigin() {
		for hash, was := range hashes {
			if is := later[origin][hash]; is.Requests < was.Requests || is.RawRequests < was.RawRequests || is.Announces < was.Announces || is.Samples < was.Samples {
				t.Errorf("%s of %s had %+v, and has %+v", hash, origin, was, is)
			}
		}
	}
	if len(early) == 0 {
		t.Error("nothing was there before the kill")
	}
}
