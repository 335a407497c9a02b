// Package live shows a running simulation in a browser: [Serve] answers on a loopback address with the page
// of package replay, which then receives the simulation over a websocket and sends back what its user does:
// pause, step, reset, change κ and speed, pull bodies.
//
// The page may push a simulation around and nothing else, but it is still not for strangers: [Serve] listens
// on loopback only, and the handler refuses requests made for another host name or from another page.
package live
