package api

import (
	"bytes"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"dhtop/dhtcore"
	"dhtop/dhtcore/needs"
	"dhtop/views/report"
)

func TestPrometheusReadsTheMetrics(t *testing.T) {
	t.Parallel()
	cfg := lively()
	cfg.Tracker = &dhtcore.TrackerConfig{HTTP: "127.0.0.1:0"}
	url, e := servingExplorer(t, cfg, Config{})
	eventually(t, "replies", func() bool {
		s := e.Snapshot()
		return s.Phase == dhtcore.Serving && s.Traffic.RepliesIn > 10 && s.Hashes.Seen > 0
	})
	text, response := fetched(t, url+"/metrics", nil)
	if got := response.Header.Get("Content-Type"); got != metricsMedia {
		t.Errorf("Content-Type %q", got)
	}
	for _, want := range []string{
		`dhtop_phase{phase="serving"} 1`, `dhtop_packets_total{direction="in"} `, `dhtop_queries_total{direction="in",method="get_peers"} `,
		`dhtop_reply_seconds_bucket{method="find_node",le="+Inf"} `, `dhtop_sightings_total{kind="requested"} `, `dhtop_crawl_running 1`,
		`dhtop_tracker_announces_total{transport="http"} `, `dhtop_store_enabled 0`, `go_goroutines `,
	} {
		if !strings.Contains(text, "\n"+want) {
			t.Errorf("%s is missing", want)
		}
	}
	if stats, _ := answer[report.Stats](t, request(t, url+"/api/v1/stats", nil)); stats.Tracker == nil || stats.Traffic.RepliesIn == 0 {
		t.Errorf("/api/v1/stats: %+v", stats)
	}
	promtool := exec.Command(needs.Program(t, "promtool", "prometheus"), "check", "metrics")
	promtool.Stdin = strings.NewReader(text)
	if out, err := promtool.CombinedOutput(); err != nil || len(bytes.TrimSpace(out)) > 0 {
		t.Errorf("promtool: %v\n%s", err, out)
	}
}

// TestNoOneCanMakeMoreSeries holds that what others send makes no label, so that the number of series is ours to choose.
func TestNoOneCanMakeMoreSeries(t *testing.T) {
	count := func(s *dhtcore.Snapshot) (series int, text string) {
		var b strings.Builder
		if err := writeMetrics(&b, allMetrics(), s); err != nil {
			t.Fatal(err)
		}
		return len(regexp.MustCompile(`(?m)^dhtop_`).FindAllString(b.String(), -1)), b.String()
	}
	strange := "x\"\n\\\x1b]52;"
	full := &dhtcore.Snapshot{Tracker: new(dhtcore.Tracker), Notices: []string{strange}}
	for range 20 {
		full.Nodes = append(full.Nodes, dhtcore.Vantage{})
	}
	for i := range full.Traffic.Details {
		for j := range full.Traffic.Details[i].RTT {
			full.Traffic.Details[i].RTT[j] = 1
		}
	}
	series, text := count(full)
	if empty, _ := count(&dhtcore.Snapshot{Tracker: new(dhtcore.Tracker)}); series != empty || series > 500 {
		t.Errorf("%d series, and %d of a node that has seen nothing; want the same, and at most 500", series, empty)
	}
	if strings.Contains(text, "52;") {
		t.Error("what others sent is in it")
	}
	last := ""
	for _, m := range regexp.MustCompile(`dhtop_reply_seconds_bucket\{method="ping",le="([^"]+)"\} (\d+)`).FindAllStringSubmatch(text, -1) {
		last = m[1] + " " + m[2]
	}
	if last != "+Inf 70" {
		t.Errorf("the last bucket of a histogram with 70 replies is %q", last)
	}
}
