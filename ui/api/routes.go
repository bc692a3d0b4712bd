package api

import (
	"net/http"

	"dhtop/dhtcore"
	"dhtop/views/report"
)

// route is a path that can be read, and what answers it.
type route struct {
	path, about string
	answer      func(*dhtcore.Snapshot, report.Options) (status int, document any)
}

// routes are all paths. The index is made of them.
func routes() []route {
	return []route{
		{"/", "this index", index},
		{"/healthz", "is dhtop alive, and is anything wrong? 200 while it answers at all", healthz},
		{"/readyz", "has it joined the network, or found that it cannot? 503 before", readyz},
	}
}

// handler answers requests about e, with o.
func handler(e *dhtcore.Explorer, o report.Options) http.Handler {
	mux := http.NewServeMux()
	for _, r := range routes() {
		pattern := r.path
		if pattern == "/" {
			pattern = "/{$}" // that path alone, not all below it
		}
		mux.HandleFunc("GET "+pattern, func(w http.ResponseWriter, _ *http.Request) {
			status, document := r.answer(e.Snapshot(), o)
			write(w, status, document)
		})
		mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Allow", "GET, HEAD")
			fail(w, http.StatusMethodNotAllowed, "this path can be read only: use GET")
		})
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		fail(w, http.StatusNotFound, "no such path: GET / lists those there are")
	})
	return mux
}

// path is an entry of the index.
type path struct {
	Path  string `json:"path"`
	About string `json:"about"`
}

func index(*dhtcore.Snapshot, report.Options) (status int, document any) {
	var list struct {
		Paths []path `json:"paths"`
	}
	for _, r := range routes() {
		list.Paths = append(list.Paths, path{r.path, r.about})
	}
	return http.StatusOK, list
}

// fail answers with an error in words.
func fail(w http.ResponseWriter, status int, text string) {
	write(w, status, struct {
		Error string `json:"error"`
	}{text})
}

func write(w http.ResponseWriter, status int, document any) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store") // it is about this moment
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	report.WriteJSON(w, document) //nolint:errcheck // who has gone needs no answer
}
