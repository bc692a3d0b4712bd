package api

import (
	"net/http"

	"dhtop/dhtcore"
	"dhtop/views/report"
)

// health is the document of /healthz.
type health struct {
	Status   string   `json:"status"`    // "ok", or "degraded" while there are problems
	Problems []string `json:"problems"`  // the notices of the explorer's screen, each with a remedy
	Phase    string   `json:"phase"`     // joining, serving or offline
	UptimeMS int64    `json:"uptime_ms"` // of the Snapshot

	Memory memoryBounds `json:"memory"`
	Store  *storeBounds `json:"store"` // null without one
}

// memoryBounds and storeBounds are what the memory and the store hold, and may hold; 0 for no limit.
type memoryBounds struct {
	Hashes    int `json:"hashes"`
	MaxHashes int `json:"max_hashes"`
}

type storeBounds struct {
	Bytes         int64  `json:"bytes"`
	KeepBytes     int64  `json:"keep_bytes"`
	KeepMS        int64  `json:"keep_ms"`
	HashesDeleted uint64 `json:"hashes_deleted"` // in this run, to stay within the limits
}

// healthz answers 200 even when there are problems. Supervisors restart what fails, and a restart fixes no
// full disk: it only loses the counts that wait in memory for the store. Alerts should look at the status in
// the document.
func healthz(s *dhtcore.Snapshot, o report.Options) (status int, document any) {
	h := health{Status: "ok", Problems: []string{}, Phase: s.Phase.String(), UptimeMS: s.At.Sub(s.Started).Milliseconds()}
	b := &s.Bounds
	h.Memory = memoryBounds{b.Hashes, b.MaxHashes}
	if b.Stored {
		h.Store = &storeBounds{b.StoreBytes, b.Keep.Bytes, b.Keep.Age.Milliseconds(), b.Deleted}
	}
	for _, notice := range s.Notices {
		h.Status, h.Problems = "degraded", append(h.Problems, o.Text(notice))
	}
	return http.StatusOK, h
}

// readiness is the document of /readyz.
type readiness struct {
	Ready bool   `json:"ready"`
	Phase string `json:"phase"`
}

// readyz answers 503 until the first nodes are good, and while there is no network. The first node of a network has
// nobody to join through and is ready all the same, as others join through it.
func readyz(s *dhtcore.Snapshot, _ report.Options) (status int, document any) {
	first := s.Phase == dhtcore.Offline && s.Outage.Kind == dhtcore.NoHosts
	r := readiness{s.Phase == dhtcore.Serving || first, s.Phase.String()}
	if !r.Ready {
		return http.StatusServiceUnavailable, r
	}
	return http.StatusOK, r
}
