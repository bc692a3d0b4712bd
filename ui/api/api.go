// Package api serves what an Explorer knows over HTTP, and takes commands for it.
//
// ui/cli makes a Server before it opens the Explorer, so that a port in use is reported at once, and then
// runs it beside the Explorer. Every request passes the guard (guard.go), which keeps strangers and foreign
// web pages out, and is answered by a row of the table in routes.go: a GET from one Snapshot, a POST, which needs the
// token, by a command to the Explorer. A Server has no lock: New sets all its fields.
package api

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"dhtop/dhtcore"
	"dhtop/views/report"
)

// The time that clients get.
const (
	headerTimeout   = 5 * time.Second        // to send the header: a slow client holds a connection no longer
	requestTimeout  = 10 * time.Second       // to send a request, and again to read the response
	idleTimeout     = time.Minute            // between two requests on a connection
	shutdownTimeout = 500 * time.Millisecond // to end the running requests; the program has a second to end
	maxHeader       = 16 << 10               // bytes; ours need a few hundred
)

// Config says where a Server listens and which requests it accepts.
type Config struct {
	Addr    string   // host:port to listen on, where port 0 picks one; or unix:PATH
	Names   []string // of this machine, accepted as Host besides localhost and IP addresses
	DataDir string   // where the token is kept; "" for no token, which allows loopback only
	Mask    bool     // show addresses as networks
	End     func()   // ends the program, on request; nil where it may not be ended so
	Version string   // of this dhtop, for those who attach; "" while it has none
}

// Server is an HTTP server that listens from New on, and answers while it runs.
type Server struct {
	listener net.Listener
	socket   bool // whether it is a Unix socket, which only programs of its owner reach
	names    []string
	token    *secret
	dataDir  string // where it is kept
	options  report.Options
	end      func()
	version  string
	attached sync.WaitGroup // the screens of other dhtops
}

// New listens and reads the token, which it creates the first time. Its errors are one line with a remedy.
func New(c Config) (*Server, error) {
	l, err := listen(c.Addr)
	if err != nil {
		return nil, err
	}
	return NewOn(l, c)
}

// NewOn is New with a listener at c.Addr, which it closes after an error.
func NewOn(l net.Listener, c Config) (*Server, error) {
	_, socket := SocketPath(c.Addr)
	s := &Server{listener: newBounded(l, maxConnections), socket: socket, names: names(c), options: report.Options{MaskAddrs: c.Mask}, end: c.End, version: c.Version}
	s.dataDir = c.DataDir
	t, err := token(c.DataDir)
	if s.token = newSecret(t); err == nil && t == "" && !socket && !onLoopback(l.Addr().String()) {
		err = fmt.Errorf("--http %s is reachable from other machines, which need the token in the data directory: "+
			"pass --data DIR", c.Addr)
	}
	if err != nil {
		l.Close()
		return nil, err
	}
	return s, nil
}

// names returns the accepted names of the machine, in lower case.
func names(c Config) (all []string) {
	own := hostname(c.Addr)
	if _, socket := SocketPath(c.Addr); socket {
		own = ""
	}
	for _, name := range append([]string{"localhost", own}, c.Names...) {
		if name != "" {
			all = append(all, strings.ToLower(strings.TrimSuffix(name, ".")))
		}
	}
	return all
}

// URL returns the address of the Server, such as http://127.0.0.1:6880, or unix:PATH.
func (s *Server) URL() string {
	if s.socket {
		return unixScheme + s.listener.Addr().String()
	}
	return "http://" + s.listener.Addr().String()
}

// Close frees the port of a Server that was never Run.
func (s *Server) Close() error { return s.listener.Close() }

// Run answers requests about e until ctx ends, and then returns nil within shutdownTimeout.
func (s *Server) Run(ctx context.Context, e *dhtcore.Explorer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	server := &http.Server{
		Handler:           guard{s.names, s.token, s.socket, newHandler(s, e)},
		ReadHeaderTimeout: headerTimeout, ReadTimeout: requestTimeout, WriteTimeout: requestTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes:               maxHeader,
		DisableGeneralOptionsHandler: true, // which would answer without the guard
		BaseContext:                  func(net.Listener) context.Context { return ctx },
		ConnContext:                  withConnection,
		ErrorLog:                     log.New(noteWriter{e}, "", 0), // stderr may be the screen of the explorer
	}
	down := make(chan struct{})
	go func() {
		defer close(down)
		<-ctx.Done()
		shutDown(server)
	}()
	err := server.Serve(s.listener)
	cancel()
	<-down
	s.attached.Wait() // each ends within shutdownTimeout
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("the HTTP API failed: %w: restart dhtop, or pass --http none", err)
}

// shutDown ends a server when its running requests are done, or their time is over.
func shutDown(server *http.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), shutdownTimeout)
	defer cancel()
	if server.Shutdown(ctx) != nil {
		server.Close() // there is nobody left to tell
	}
}

// connection is the key of a request's connection in its context.
type connection struct{}

func withConnection(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connection{}, c)
}

// boundBuffer bounds what the system holds of what is sent on the connection of a request.
func boundBuffer(request context.Context, bytes int) {
	if c, ok := request.Value(connection{}).(interface{ SetWriteBuffer(bytes int) error }); ok {
		c.SetWriteBuffer(bytes) //nolint:errcheck // the system has bounds of its own
	}
}

// noteWriter writes the errors of the HTTP server to the Explorer's journal.
type noteWriter struct{ *dhtcore.Explorer }

func (n noteWriter) Write(b []byte) (int, error) {
	n.Note(strings.TrimSpace(string(b)))
	return len(b), nil
}
