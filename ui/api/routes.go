package api

import (
	"net/http"

	"dhtop/dhtcore"
	"dhtop/views/report"
)

// route is a row of the table of paths: a path, its line in the index, and the function that answers it.
type route struct {
	path, about string
	answer      func(*dhtcore.Snapshot, report.Options) (status int, document any)
}

// routes are all paths. A new path is one row here and the function that it names; the index follows.
func routes() []route {
	return []route{
		{"/", "this index", index},
		{"/healthz", "is dhtop alive, and are there problems? always 200; see status", healthz},
		{"/readyz", "has dhtop joined the network, or failed to? 503 until then", readyz},
	}
}

// newHandler returns what answers requests about e, formatted with o.
func newHandler(e *dhtcore.Explorer, o report.Options) http.Handler {
	mux := http.NewServeMux()
	for _, r := range routes() {
		pattern := r.path
		if pattern == "/" {
			pattern = "/{$}" // that path alone, not everything below it
		}
		mux.HandleFunc("GET "+pattern, func(w http.ResponseWriter, _ *http.Request) {
			status, document := r.answer(e.Snapshot(), o)
			writeDocument(w, status, document)
		})
		mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Allow", "GET, HEAD")
			writeError(w, http.StatusMethodNotAllowed, "this path is read-only: use GET")
		})
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		writeError(w, http.StatusNotFound, "no such path: GET / lists all paths")
	})
	return mux
}

// indexEntry is a path in the index.
type indexEntry struct {
	Path  string `json:"path"`
	About string `json:"about"`
}

func index(*dhtcore.Snapshot, report.Options) (status int, document any) {
	var list struct {
		Paths []indexEntry `json:"paths"`
	}
	for _, r := range routes() {
		list.Paths = append(list.Paths, indexEntry{r.path, r.about})
	}
	return http.StatusOK, list
}

// writeError answers with an error document.
func writeError(w http.ResponseWriter, status int, text string) {
	writeDocument(w, status, struct {
		Error string `json:"error"`
	}{text})
}

func writeDocument(w http.ResponseWriter, status int, document any) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store") // it describes this moment
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	report.WriteJSON(w, document) //nolint:errcheck // the client may have gone
}
