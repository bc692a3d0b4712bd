package api

import (
	"cmp"
	"net/http"
	"path"
	"slices"
	"strings"

	"dhtop/dhtcore"
	"dhtop/views/report"
)

// route is a row of the table of paths: how one method of one path is answered. A GET, which answers HEAD too, changes
// nothing; any other method needs the token, on loopback too.
type route struct {
	method, path string // the parameters of a path stand in braces
	about        string // its line in the index and in the OpenAPI document
	answer       func(*call) (status int, document any)
	page         func(*call) (status int, document any) // answers a browser, with a webPage; nil for no page

	id      string // its name in the OpenAPI document, where the path makes that of another; "" for that
	params  []param
	takes   any    // the zero value of the JSON document that a POST takes; nil for none
	file    string // the media type of a file that it takes as well; "" for none
	returns any    // the zero value of the document of an answer; nil where that is no JSON
	status  int    // of an answer; 0 for 200
	waits   any    // the zero value of the document of an answer with 200 where the request waits for it; nil for none
	media   string // the media type of an answer that is no JSON
	live    bool   // the answer goes on as long as the client listens; it is never compressed
	maxBody int64  // bytes; 0 for defaultBody
	owner   bool   // over a Unix socket, which only programs of its owner reach, a change needs no token
}

// reading returns an answer that needs a Snapshot alone.
func reading(answer func(*dhtcore.Snapshot, report.Options) (status int, document any)) func(*call) (int, any) {
	return func(c *call) (int, any) { return answer(c.explorer.Snapshot(), c.options) }
}

// newHandler returns what answers requests about e by the table of routes.
func newHandler(s *Server, e *dhtcore.Explorer) http.Handler { return handlerOf(routes(), s, e) }

// handlerOf is newHandler with other routes.
func handlerOf(table []route, s *Server, e *dhtcore.Explorer) http.Handler {
	byPath := map[string]methods{}
	for i := range table {
		r := &table[i]
		if byPath[r.path] == nil {
			byPath[r.path] = methods{}
		}
		byPath[r.path][r.method] = r
	}
	events, pages, places := newFeed(e, s.options), newPageFeed(e, s.options), make(chan struct{}, maxWaiting)
	attached := newAttachHub(s, e)
	mux := http.NewServeMux()
	for pattern, m := range byPath {
		if pattern == "/" {
			pattern = "/{$}" // that path alone, not everything below it
		}
		var h http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			c := call{Request: r, explorer: e, options: s.options, feed: events, pages: pages, attached: attached, w: w, end: s.end, places: places}
			status, document := s.answer(m, &c)
			write(w, r, status, document)
		})
		if get := m[http.MethodGet]; get == nil || !get.live {
			h = compressed(h)
		}
		mux.Handle(pattern, h)
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { noSuchPath().write(w) })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked := r.URL.EscapedPath(); asked != path.Clean(asked) { // the mux would redirect
			noSuchPath().write(w)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

func noSuchPath() *problem {
	return problemf(http.StatusNotFound, "no such path: GET / lists all paths")
}

// methods are the routes of one path, by method.
type methods map[string]*route

// answer answers a call by the route of its method.
func (s *Server) answer(m methods, c *call) (status int, document any) {
	method := c.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	r := m[method]
	if err := s.mayCall(m, r, c.Request); err != nil {
		return fail(err)
	}
	var err error
	if c.values, err = parseParams(c.Request, r.params); err != nil {
		return fail(err)
	}
	c.Body = http.MaxBytesReader(c.w, c.Body, cmp.Or(r.maxBody, defaultBody))
	if r.page == nil {
		return r.answer(c)
	}
	c.w.Header().Add("Vary", "Accept")
	if prefersPage(c.Request) {
		return r.page(c)
	}
	return r.answer(c)
}

// mayCall returns why a request may not be answered by r, a route of m or nil.
func (s *Server) mayCall(m methods, r *route, request *http.Request) error {
	switch {
	case r == nil:
		allowed := m.allowed()
		return problemf(http.StatusMethodNotAllowed, "this path does not have the method: use %s", allowed).with("Allow", allowed)
	case r.method == http.MethodGet, s.token.sentBy(request), s.socket && r.owner:
		return nil
	case s.token == nil:
		return problemf(http.StatusForbidden, "changes need the token in the data directory: start dhtop with --data DIR")
	}
	return needsToken()
}

// allowed lists the methods, as the header Allow does.
func (m methods) allowed() string {
	var all []string
	for method := range m {
		all = append(all, method)
		if method == http.MethodGet {
			all = append(all, http.MethodHead)
		}
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// fail returns the answer that says what is wrong with a call.
func fail(err error) (status int, document any) {
	p := asProblem(err)
	return p.Status, p
}
