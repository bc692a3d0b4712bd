package api

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"dhtop/dhtcore"
	"dhtop/views/report"
)

// route is a row of the table of paths: a method and a path, its line in the index, and the function that answers it.
// A GET changes nothing; a POST needs the token, on loopback too.
type route struct {
	method, path, about string
	answer              func(*call) (status int, document any)
	maxBody             int64 // bytes; 0 for defaultBody
}

// routes are all paths. A new path is one row here and the function that it names; the index follows.
func routes() []route {
	return []route{
		{http.MethodGet, "/", "this index", index, 0},
		{http.MethodGet, "/healthz", "is dhtop alive, and are there problems? always 200; see status", reading(healthz), 0},
		{http.MethodGet, "/readyz", "has dhtop joined the network, or failed to? 503 until then", reading(readyz), 0},
	}
}

// reading returns an answer that needs a Snapshot alone.
func reading(answer func(*dhtcore.Snapshot, report.Options) (status int, document any)) func(*call) (int, any) {
	return func(c *call) (int, any) { return answer(c.explorer.Snapshot(), c.options) }
}

// newHandler returns what answers requests about e by the table of routes.
func newHandler(s *Server, e *dhtcore.Explorer) http.Handler { return handlerOf(routes(), s, e) }

// handlerOf is newHandler with other routes.
func handlerOf(table []route, s *Server, e *dhtcore.Explorer) http.Handler {
	mux := http.NewServeMux()
	methods := map[string][]string{} // by pattern
	for _, r := range table {
		pattern := r.path
		if pattern == "/" {
			pattern = "/{$}" // that path alone, not everything below it
		}
		methods[pattern] = append(methods[pattern], r.method)
		mux.HandleFunc(r.method+" "+pattern, func(w http.ResponseWriter, request *http.Request) {
			switch {
			case r.method == http.MethodGet || s.token.sentBy(request):
			case s.token == "":
				writeError(w, http.StatusForbidden, "changes need the token in the data directory: start dhtop with --data DIR")
				return
			default:
				writeUnauthorized(w)
				return
			}
			request.Body = http.MaxBytesReader(w, request.Body, cmp.Or(r.maxBody, defaultBody))
			status, document := r.answer(&call{request, e, s.options})
			writeDocument(w, status, document)
		})
	}
	for pattern, allowed := range methods {
		if slices.Contains(allowed, http.MethodGet) {
			allowed = append([]string{http.MethodGet, http.MethodHead}, slices.DeleteFunc(allowed, func(m string) bool { return m == http.MethodGet })...)
		}
		mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Allow", strings.Join(allowed, ", "))
			writeError(w, http.StatusMethodNotAllowed, wrongMethod(allowed))
		})
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		writeError(w, http.StatusNotFound, "no such path: GET / lists all paths")
	})
	return mux
}

// wrongMethod is the error about a method that a path does not have.
func wrongMethod(allowed []string) string {
	if slices.Contains(allowed, http.MethodPost) {
		return "this path does not have the method: use " + strings.Join(allowed, ", ")
	}
	return "this path is read-only: use GET"
}

// indexEntry is a path in the index.
type indexEntry struct {
	Method string `json:"method"`
	Path   string `json:"path"`
	About  string `json:"about"`
}

func index(*call) (status int, document any) {
	var list struct {
		Paths []indexEntry `json:"paths"`
	}
	for _, r := range routes() {
		list.Paths = append(list.Paths, indexEntry{r.method, r.path, r.about})
	}
	return http.StatusOK, list
}

// problem is the document of an error.
type problem struct {
	Error string `json:"error"`
}

// writeError answers with an error document.
func writeError(w http.ResponseWriter, status int, text string) {
	writeDocument(w, status, problem{text})
}

func writeDocument(w http.ResponseWriter, status int, document any) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store") // it describes this moment
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	report.WriteJSON(w, document) //nolint:errcheck // the client may have gone
}
