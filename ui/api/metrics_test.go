package api

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"

	"dhtop/dhtcore"
	"dhtop/dhtcore/needs"
	"dhtop/ui/api/metrics"
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
	if got := response.Header.Get("Content-Type"); got != metrics.Media {
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
