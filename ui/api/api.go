// Package api tells over HTTP what an Explorer knows: an index, /healthz and /readyz so far.
//
// ui/cli makes a Server before it opens the Explorer, so that a port in use is told at once, and then runs
// it beside the Explorer. Every request passes the guard (guard.go), which keeps strangers and foreign web
// pages out, and is answered by a row of the table in routes.go out of one Snapshot. Nothing here changes
// the Explorer. A Server has no lock: what it holds is set by New.
package api

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"dhtop/dhtcore"
	"dhtop/views/report"
)

// The patience with clients.
const (
	headerTime  = 5 * time.Second        // to send the header: one that drips it holds a connection no longer
	requestTime = 10 * time.Second       // to send a request, and to take the answer
	idleTime    = time.Minute            // between two requests of a connection
	leaveTime   = 500 * time.Millisecond // to end a request when the program ends, which may take a second
	maxHeader   = 16 << 10               // bytes; ours need a few hundred
)

// Config says where a Server listens and whom it believes.
type Config struct {
	Addr    string   // host:port to listen on; port 0 picks one
	Names   []string // of this machine, by which it may be called beside localhost and IP addresses
	DataDir string   // where the token is kept; "" for no token, with which nothing off loopback is served
	Mask    bool     // addresses as networks
}

// Server is an HTTP server that listens, and answers once it runs.
type Server struct {
	listener net.Listener
	names    []string
	token    string // "" for none
	options  report.Options
}

// New listens and reads the token, which it makes the first time. Its errors are one line that says how
// to mend them.
func New(c Config) (*Server, error) {
	l, err := net.Listen("tcp", c.Addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("the HTTP address %s is in use: stop the other program, or pass --http with another port or none", c.Addr)
	case err != nil:
		return nil, fmt.Errorf("cannot listen for HTTP: %w: pass another --http ADDR", err)
	}
	s := &Server{listener: l, names: names(c), options: report.Options{MaskAddrs: c.Mask}}
	if s.token, err = token(c.DataDir); err == nil && s.token == "" && !onLoopback(l.Addr().String()) {
		err = fmt.Errorf("--http %s lets others in, who need a token, which is kept in the data directory: pass --data DIR", c.Addr)
	}
	if err != nil {
		l.Close()
		return nil, err
	}
	return s, nil
}

// names returns the names by which the machine may be called, in lower case.
func names(c Config) (all []string) {
	for _, name := range append([]string{"localhost", hostname(c.Addr)}, c.Names...) {
		if name != "" {
			all = append(all, strings.ToLower(strings.TrimSuffix(name, ".")))
		}
	}
	return all
}

// URL returns where the Server is found, such as http://127.0.0.1:6880.
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() }

// Close frees the port of a Server that was never Run.
func (s *Server) Close() error { return s.listener.Close() }

// Run answers requests about e until ctx ends, and then returns nil within leaveTime.
func (s *Server) Run(ctx context.Context, e *dhtcore.Explorer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	server := &http.Server{
		Handler:           guard{s.names, s.token, handler(e, s.options)},
		ReadHeaderTimeout: headerTime, ReadTimeout: requestTime, WriteTimeout: requestTime, IdleTimeout: idleTime,
		MaxHeaderBytes:               maxHeader,
		DisableGeneralOptionsHandler: true, // which would answer without the guard
		BaseContext:                  func(net.Listener) context.Context { return ctx },
		ErrorLog:                     log.New(notes{e}, "", 0), // stderr may be the explorer's screen
	}
	left := make(chan struct{})
	go func() {
		defer close(left)
		<-ctx.Done()
		leave(server)
	}()
	err := server.Serve(s.listener)
	cancel()
	<-left
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("the HTTP API has ended: %w", err)
}

// leave ends a server when the requests that it is answering are done, or their time is over.
func leave(server *http.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), leaveTime)
	defer cancel()
	if server.Shutdown(ctx) != nil {
		server.Close() //nolint:errcheck // there is nobody left to tell
	}
}

// notes are the server's own complaints in the Explorer's journal.
type notes struct{ *dhtcore.Explorer }

func (n notes) Write(b []byte) (int, error) {
	n.Note(strings.TrimSpace(string(b)))
	return len(b), nil
}
