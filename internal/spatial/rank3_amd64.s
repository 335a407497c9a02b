#include "textflag.h"

// ROW stores row k of W G in (Y, X).
#define ROW(k, Y, X) \
	VBROADCASTSD (24*k)(DX), Y10;    \
	VBROADCASTSD (24*k+8)(DX), Y11;  \
	VBROADCASTSD (24*k+16)(DX), Y12; \
	VMULPD       0(CX), Y10, Y;      \
	VMULPD       32(CX), X10, X;     \
	VMULPD       48(CX), Y11, Y2;    \
	VMULPD       80(CX), X11, X3;    \
	VADDPD       Y2, Y, Y;           \
	VADDPD       X3, X, X;           \
	VMULPD       96(CX), Y12, Y2;    \
	VMULPD       128(CX), X12, X3;   \
	VADDPD       Y2, Y, Y;           \
	VADDPD       X3, X, X

// THREE adds row r of Nᵀ (W G) to that of m, W G in (Y0, X1), (Y4, X5), (Y6, X7).
#define THREE(r) \
	VBROADCASTSD (8*r)(BX), Y10;        \
	VBROADCASTSD (8*r+48)(BX), Y11;     \
	VBROADCASTSD (8*r+96)(BX), Y12;     \
	VMULPD       Y0, Y10, Y2;           \
	VMULPD       X1, X10, X3;           \
	VADDPD       (48*r)(AX), Y2, Y2;    \
	VADDPD       (48*r+32)(AX), X3, X3; \
	VMULPD       Y4, Y11, Y8;           \
	VMULPD       X5, X11, X9;           \
	VADDPD       Y8, Y2, Y2;            \
	VADDPD       X9, X3, X3;            \
	VMULPD       Y6, Y12, Y8;           \
	VMULPD       X7, X12, X9;           \
	VADDPD       Y8, Y2, Y2;            \
	VADDPD       X9, X3, X3;            \
	VMOVUPD      Y2, (48*r)(AX);        \
	VMOVUPD      X3, (48*r+32)(AX)

// func addRank3AVX(m *Mat6, n, grad *[3]Wrench, w *[9]float64)
//
// AX the matrix, BX N, CX G, DX W.
TEXT ·addRank3AVX(SB), NOSPLIT, $0-32
	MOVQ         m+0(FP), AX
	MOVQ         n+8(FP), BX
	MOVQ         grad+16(FP), CX
	MOVQ         w+24(FP), DX
	VBROADCASTSD 0(DX), Y10
	VMULPD       0(CX), Y10, Y0
	VMULPD       32(CX), X10, X1
	ROW(1, Y4, X5)
	ROW(2, Y6, X7)
	THREE(0)
	THREE(1)
	THREE(2)
	THREE(3)
	THREE(4)
	THREE(5)
	VZEROUPPER
	RET
