"""Small PyTorch modules for layers that torch.nn lacks, as text for backends/pytorch/source.py."""

SNIPPETS = {
    "Residual": '''
class Residual(nn.Module):
    """Adds the output of the layers to their input, or to a shortcut of it."""

    def __init__(self, layers, shortcut):
        super().__init__()
        self.layers, self.shortcut = layers, shortcut

    def forward(self, x):
        return self.layers(x) + self.shortcut(x)
''',
    "Branches": '''
class Branches(nn.Module):
    """Parallel paths on the same input; their channels are concatenated."""

    def __init__(self, *rows):
        super().__init__()
        self.rows = nn.ModuleList(rows)

    def forward(self, x):
        return torch.cat([row(x) for row in self.rows], dim=1)
''',
    "Bias": '''
class Bias(nn.Module):
    """Adds one number per channel, or per unit."""

    def __init__(self, *shape):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(shape))

    def forward(self, x):
        return x + self.bias
''',
    "PartialConv2d": '''
class PartialConv2d(nn.Module):
    """A convolution whose filters see some of the input channels only: row k of `table` lists those of filter k."""

    def __init__(self, channels, table, kernel_size, bias=True, **options):
        super().__init__()
        self.register_buffer("table", torch.tensor(table))
        filters, inputs_per_filter = self.table.shape
        self.channels, self.options = channels, options
        self.weight = nn.Parameter(torch.empty(filters, inputs_per_filter, *kernel_size).uniform_(-0.1, 0.1))
        self.bias = nn.Parameter(torch.zeros(filters)) if bias else None

    def forward(self, x):
        filters, _, *kernel_size = self.weight.shape
        whole = self.weight.new_zeros(filters, self.channels, *kernel_size)
        whole = whole.index_put((torch.arange(filters)[:, None], self.table), self.weight)
        return F.conv2d(x, whole, self.bias, **self.options)
''',
    "LocallyConnected2d": '''
class LocallyConnected2d(nn.Module):
    """A convolution with separate kernels at each position: windows as columns, one matrix product per position."""

    def __init__(self, channels, filters, kernel_size, positions, stride):
        super().__init__()
        self.kernel_size, self.positions, self.stride = kernel_size, positions, stride
        self.weight = nn.Parameter(torch.empty(filters, channels, *kernel_size, *positions).uniform_(-0.1, 0.1))

    def forward(self, x):
        windows = F.unfold(x, self.kernel_size, stride=self.stride)
        kernels = self.weight.flatten(1, 3).flatten(2)
        return torch.einsum("nwp,kwp->nkp", windows, kernels).unflatten(2, self.positions)
''',
    "PresentAverage": '''
class PresentAverage(nn.Module):
    """The mean over the cells of a window that are inside the image; pads are (left, right, top, bottom)."""

    def __init__(self, window, stride, pads):
        super().__init__()
        self.window, self.stride, self.pads = window, stride, pads

    def sums(self, x):
        return F.avg_pool2d(F.pad(x, self.pads), self.window, self.stride, divisor_override=1)

    def forward(self, x):
        return self.sums(x) / self.sums(torch.ones_like(x[:1, :1]))
''',
    "L2Pool2d": '''
class L2Pool2d(nn.Module):
    """The root of the sum of squares. Where a window is all zero, nn.LPPool2d has gradient NaN; this has 0."""

    def __init__(self, window, stride, ceil_mode=False):
        super().__init__()
        self.window, self.stride, self.ceil_mode = window, stride, ceil_mode

    def forward(self, x):
        squares = F.avg_pool2d(x * x, self.window, self.stride, ceil_mode=self.ceil_mode, divisor_override=1)
        return torch.where(squares > 0, squares, 1).sqrt() * (squares > 0)
''',
    "Maxout": '''
class Maxout(nn.Module):
    """The maximum over each group of `pieces` neighbouring channels or features."""

    def __init__(self, pieces):
        super().__init__()
        self.pieces = pieces

    def forward(self, x):
        return x.unflatten(1, (-1, self.pieces)).max(dim=2).values
''',
    "ClassicDropout": '''
class ClassicDropout(nn.Module):
    """Drops without scaling in training and scales by 1 - rate afterwards; nn.Dropout scales in training."""

    def __init__(self, rate):
        super().__init__()
        self.rate = rate

    def forward(self, x):
        return x * (torch.rand_like(x) >= self.rate) if self.training else x * (1 - self.rate)
''',
}
